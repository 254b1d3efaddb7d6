package org.denseflow.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.graph.BatchNormalisation;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.QuietGradients;
import org.denseflow.graph.RunningStatistics;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.weights.Tensor;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Fits a learner's parameters, step by step. A step is a function of the state and the batch alone:
 * from the same state the same batches lead to the same state, bit for bit, on one machine.
 */
public final class Trainer implements AutoCloseable {
  private static final int FIRST_LOSSES = 10;

  private final Learner learner;
  private final TrainingParameters parameters;
  private final TrainingGraph graph;
  private final OwnedGraph runner;
  private final List<SDVariable> variables;
  private final Optimiser optimiser;
  private final List<RunningStatistics> statistics = new ArrayList<>();
  private final Map<String, INDArray> fitted = new LinkedHashMap<>();
  private TrainingGraph inference;
  private OwnedGraph inferenceRunner;

  /** Starts with the learner's first parameters. */
  public Trainer(Learner learner, TrainingParameters parameters, long seed) {
    this.learner = learner;
    this.parameters = parameters;
    this.graph = learner.graph(GraphMode.TRAINING, DataType.FLOAT, seed);
    this.variables = graph.parameters();
    graph.graph().setLossVariables(graph.total().name());
    QuietGradients.create(graph.graph());
    this.runner = new OwnedGraph(graph.graph());
    this.optimiser = new Optimiser(parameters, graph.trained());

    for (Statistic statistic : graph.statistics()) {
      statistics.add(new RunningStatistics(statistic.channels(), DataType.FLOAT));
    }

    for (Learner.Input input : learner.fitted()) {
      fitted.put(input.name(), Nd4j.zeros(DataType.FLOAT, input.shape()));
    }
  }

  /** Lets the learner take from a sample of examples what it needs before the first step. */
  public void fit(List<Map<String, INDArray>> examples) {
    Map<String, INDArray> found = learner.fit(examples);
    found.forEach((name, array) -> fitted.get(name).assign(array));
    NativeArrays.close(found.values());
  }

  /**
   * What a step saw.
   *
   * @param step its number, from 0
   * @param learningRate it used
   * @param gradientNorm of all parameters together, before clipping
   * @param losses the total as "total", and those of the graph's terms that can be measured on the
   *     step's pairs
   */
  public record StepReport(
      long step, double learningRate, double gradientNorm, Map<String, Double> losses) {}

  /** Steps done. */
  public long step() {
    return optimiser.step();
  }

  /**
   * Makes one update.
   *
   * @param examples as {@link Learner#prepare} makes them
   * @param names of the examples, for messages
   * @throws DivergenceException if the loss or a gradient is not finite; parameters are unchanged
   */
  public StepReport step(List<Map<String, INDArray>> examples, List<String> names) {
    Map<String, INDArray> batch = batch(examples);
    List<String> wanted = new ArrayList<>(List.of(graph.total().name()));
    graph.terms().forEach(term -> wanted.add(term.name()));
    graph
        .statistics()
        .forEach(
            statistic ->
                statistic
                    .applications()
                    .forEach(
                        used -> {
                          wanted.add(used.mean().name());
                          wanted.add(used.variance().name());
                        }));
    List<String> trained = graph.trained().stream().map(SDVariable::name).toList();
    Map<String, INDArray> placeholders = new LinkedHashMap<>(batch);
    placeholders.putAll(fitted);
    OutAndGrad result = runner.gradients(placeholders, wanted, trained);
    NativeArrays.close(batch.values());

    try {
      return learn(result.getGradients(), result.getOutputs(), examples.size(), names);
    } finally {
      NativeArrays.close(result.getGradients().values());
      NativeArrays.close(result.getOutputs().values());
    }
  }

  private StepReport learn(
      Map<String, INDArray> gradients,
      Map<String, INDArray> outputs,
      int examples,
      List<String> names) {
    Map<String, Double> losses = losses(graph, outputs);
    double norm = norm(gradients);

    if (!Double.isFinite(losses.get("total")) || !Double.isFinite(norm)) {
      throw new DivergenceException(
          "Training diverged at step %d: loss %s, gradient norm %s, with the pairs %s"
              .formatted(step(), losses.get("total"), norm, names));
    }

    double rate = optimiser.learningRate();
    double clip =
        parameters.clipNorm() > 0 && norm > parameters.clipNorm()
            ? parameters.clipNorm() / norm
            : 1;
    StepReport report = new StepReport(step(), rate, norm, losses);
    optimiser.update(gradients, clip);
    keepStatistics(outputs, examples);
    return report;
  }

  /** The losses of examples with the running statistics; nothing is changed. */
  public Map<String, Double> validate(List<Map<String, INDArray>> examples) {
    TrainingGraph graph = inference();
    Map<String, INDArray> batch = batch(examples);
    Map<String, INDArray> placeholders = new LinkedHashMap<>(batch);
    placeholders.putAll(fitted);

    for (int i = 0; i < statistics.size(); i++) {
      String name = this.graph.statistics().get(i).name();
      placeholders.put(Statistic.meanName(name), statistics.get(i).mean());
      placeholders.put(Statistic.varianceName(name), statistics.get(i).variance());
    }

    List<String> wanted = new ArrayList<>(List.of(graph.total().name()));
    graph.terms().forEach(term -> wanted.add(term.name()));
    Map<String, INDArray> outputs = inferenceRunner.output(placeholders, wanted);
    Map<String, Double> losses = losses(graph, outputs);
    NativeArrays.close(batch.values());
    NativeArrays.close(outputs.values());
    return losses;
  }

  /** A copy of all that training goes on from. */
  public TrainerState state() {
    int size = 0;

    for (SDVariable variable : variables) {
      size += (int) variable.getArr().length();
    }

    float[] values = new float[size];
    int at = 0;

    for (SDVariable variable : variables) {
      float[] own = NativeArrays.copy(variable.getArr());
      System.arraycopy(own, 0, values, at, own.length);
      at += own.length;
    }

    List<float[]> kept = new ArrayList<>();
    statistics.forEach(
        one -> {
          kept.add(one.mean().data().asFloat());
          kept.add(one.variance().data().asFloat());
        });
    fitted.values().forEach(array -> kept.add(array.data().asFloat()));
    float[] running = new float[kept.stream().mapToInt(a -> a.length).sum()];
    at = 0;

    for (float[] own : kept) {
      System.arraycopy(own, 0, running, at, own.length);
      at += own.length;
    }

    return new TrainerState(step(), values, optimiser.state(), running);
  }

  /** Goes on from a state. */
  public void load(TrainerState state) {
    int at = 0;

    for (SDVariable variable : variables) {
      INDArray array = variable.getArr();
      int length = (int) array.length();
      float[] own = Arrays.copyOfRange(state.parameters(), at, at + length);
      set(array, own);
      at += length;
    }

    at = 0;

    for (RunningStatistics one : statistics) {
      int length = (int) one.mean().length();
      set(one.mean(), range(state.statistics(), at, length));
      set(one.variance(), range(state.statistics(), at + length, length));
      at += 2 * length;
    }

    for (INDArray array : fitted.values()) {
      float[] own = range(state.statistics(), at, (int) array.length());
      set(array, own);
      at += own.length;
    }

    optimiser.load(state.step(), state.updater());
  }

  private static void set(INDArray array, float[] values) {
    try (INDArray own = Nd4j.create(values, array.shape(), 'c')) {
      array.assign(own);
    }
  }

  /** Parameters, running statistics and what was fitted, by name, as a model file has them. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (SDVariable variable : variables) {
      tensors.put(variable.name(), tensor(variable.getArr()));
    }

    for (int i = 0; i < statistics.size(); i++) {
      String name = graph.statistics().get(i).name();
      tensors.put(Statistic.meanName(name), tensor(statistics.get(i).mean()));
      tensors.put(Statistic.varianceName(name), tensor(statistics.get(i).variance()));
    }

    fitted.forEach((name, array) -> tensors.put(name, tensor(array)));
    return tensors;
  }

  /**
   * Whether the loss has grown out of all proportion to the first ones.
   *
   * @param losses total losses of all steps so far
   */
  public static boolean hasExploded(List<Double> losses, double factor) {
    if (losses.size() <= FIRST_LOSSES) {
      return false;
    }

    double first =
        losses.subList(0, FIRST_LOSSES).stream().mapToDouble(Math::abs).average().orElse(0);
    return Math.abs(losses.get(losses.size() - 1)) > factor * first;
  }

  @Override
  public void close() {
    learner.close();
    runner.close();
    optimiser.close();
    statistics.forEach(RunningStatistics::close);
    NativeArrays.close(fitted.values());

    if (inference != null) {
      inferenceRunner.close();
    }

    NativeMemory.trim();
  }

  private void keepStatistics(Map<String, INDArray> outputs, int examples) {
    for (int i = 0; i < statistics.size(); i++) {
      Statistic statistic = graph.statistics().get(i);

      for (BatchNormalisation.Trained used : statistic.applications()) {
        statistics
            .get(i)
            .update(
                outputs.get(used.mean().name()),
                outputs.get(used.variance().name()),
                statistic.valuesPerExample() * examples);
      }
    }
  }

  private TrainingGraph inference() {
    if (inference == null) {
      inference = learner.graph(GraphMode.INFERENCE, DataType.FLOAT, 0);
      inferenceRunner = new OwnedGraph(inference.graph());
    }

    List<SDVariable> own = inference.parameters();

    for (int i = 0; i < own.size(); i++) {
      own.get(i).getArr().assign(variables.get(i).getArr());
    }

    return inference;
  }

  private Map<String, INDArray> batch(List<Map<String, INDArray>> examples) {
    Map<String, INDArray> batch = new LinkedHashMap<>();

    for (Learner.Input input : learner.inputs()) {
      long[] shape = examples.get(0).get(input.name()).shape().clone();
      shape[0] = examples.size();
      INDArray together = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');

      // Nd4j.concat takes ten times as long for halves.
      for (int i = 0; i < examples.size(); i++) {
        together
            .get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all())
            .assign(examples.get(i).get(input.name()));
      }

      batch.put(input.name(), together);
    }

    return batch;
  }

  private static Map<String, Double> losses(TrainingGraph graph, Map<String, INDArray> outputs) {
    Map<String, Double> losses = new LinkedHashMap<>();
    losses.put("total", outputs.get(graph.total().name()).getDouble(0));

    for (SDVariable term : graph.terms()) {
      double value = outputs.get(term.name()).getDouble(0);

      if (!Double.isNaN(value)) {
        losses.put(term.name(), value);
      }
    }

    return losses;
  }

  private static double norm(Map<String, INDArray> gradients) {
    double squares = 0;

    for (INDArray gradient : gradients.values()) {
      double own = gradient.norm2Number().doubleValue();
      squares += own * own;
    }

    return Math.sqrt(squares);
  }

  private static float[] range(float[] values, int from, int length) {
    return Arrays.copyOfRange(values, from, from + length);
  }

  private static Tensor tensor(INDArray array) {
    int[] shape = Arrays.stream(array.shape()).mapToInt(side -> (int) side).toArray();
    return new Tensor(shape, NativeArrays.copy(array));
  }
}

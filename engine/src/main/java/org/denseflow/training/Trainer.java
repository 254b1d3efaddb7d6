package org.denseflow.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.denseflow.graph.BatchNormalisation;
import org.denseflow.graph.Mode;
import org.denseflow.graph.QuietGradients;
import org.denseflow.graph.RunningStatistics;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.weights.Tensor;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
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

  /**
   * SameDiff leaves some of its arrays to the garbage collector, 180 MB a step for {@code
   * sfnet-compact}; left alone, the collector runs only when native memory has reached four times
   * the heap.
   */
  private static final int STEPS_BETWEEN_COLLECTIONS = 10;

  /** Bytes that native memory may grow by before that: a step of SAM-Net leaves gigabytes. */
  private static final long GROWTH_BETWEEN_COLLECTIONS = 2L << 30;

  /** Native memory of this process after the last collection, whichever trainer asked for it. */
  private static volatile long collected = Pointer.physicalBytes();

  private final Learner learner;
  private final TrainingParameters parameters;
  private final TrainingGraph graph;
  private final List<SDVariable> variables;
  private final Optimiser optimiser;
  private final List<RunningStatistics> statistics = new ArrayList<>();
  private final Map<String, INDArray> fitted = new LinkedHashMap<>();
  private TrainingGraph inference;

  /** Starts with the learner's first parameters. */
  public Trainer(Learner learner, TrainingParameters parameters, long seed) {
    this.learner = learner;
    this.parameters = parameters;
    this.graph = learner.graph(Mode.TRAINING, DataType.FLOAT, seed);
    this.variables = graph.parameters();
    graph.graph().setLossVariables(graph.total().name());
    QuietGradients.create(graph.graph());
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
    learner.fit(examples).forEach((name, array) -> fitted.get(name).assign(array));
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
    OutAndGrad result = graph.graph().calculateGradientsAndOutputs(placeholders, wanted, trained);
    close(batch);

    try {
      return learn(result.getGradients(), result.getOutputs(), examples.size(), names);
    } finally {
      close(result.getGradients());
      close(result.getOutputs());

      collect();
    }
  }

  private void collect() {
    boolean grown = Pointer.physicalBytes() - collected > GROWTH_BETWEEN_COLLECTIONS;

    if (grown || step() % STEPS_BETWEEN_COLLECTIONS == 0) {
      System.gc();
      collected = Pointer.physicalBytes();
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
    Map<String, INDArray> outputs =
        graph.graph().output(placeholders, wanted.toArray(String[]::new));
    Map<String, Double> losses = losses(graph, outputs);
    close(batch);
    close(outputs);
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
      float[] own = variable.getArr().dup('c').data().asFloat();
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
      array.assign(Nd4j.create(own, array.shape(), 'c'));
      at += length;
    }

    at = 0;

    for (RunningStatistics one : statistics) {
      int length = (int) one.mean().length();
      one.mean().assign(Nd4j.createFromArray(range(state.statistics(), at, length)));
      one.variance().assign(Nd4j.createFromArray(range(state.statistics(), at + length, length)));
      at += 2 * length;
    }

    for (INDArray array : fitted.values()) {
      float[] own = range(state.statistics(), at, (int) array.length());
      array.assign(Nd4j.create(own, array.shape(), 'c'));
      at += own.length;
    }

    optimiser.load(state.step(), state.updater());
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
    free(graph.graph());
    free(graph.graph().getFunction("grad"));

    if (inference != null) {
      free(inference.graph());
    }

    System.gc();
    NativeMemory.trim();
    collected = Pointer.physicalBytes();
  }

  /** Gives back the arrays that SameDiff keeps for the next evaluation. */
  private static void free(SameDiff graph) {
    graph.getSessions().values().forEach(session -> session.getMmgr().close());
    graph.getSessions().clear();
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
      inference = learner.graph(Mode.INFERENCE, DataType.FLOAT, 0);
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

  /**
   * Gives native memory back at once: the garbage collector, which sees only small objects, would
   * let gigabytes wait.
   */
  private static void close(Map<String, INDArray> arrays) {
    for (INDArray array : arrays.values()) {
      if (!array.wasClosed()) {
        array.close();
      }
    }
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
    return new Tensor(shape, array.dup('c').data().asFloat());
  }
}

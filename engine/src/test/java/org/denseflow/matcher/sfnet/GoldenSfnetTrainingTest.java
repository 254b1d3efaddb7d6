package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.denseflow.matcher.sfnet.GoldenSfnet.array;
import static org.denseflow.matcher.sfnet.GoldenSfnet.difference;
import static org.denseflow.matcher.sfnet.GoldenSfnet.map;
import static org.denseflow.matcher.sfnet.GoldenSfnet.relativeError;
import static org.denseflow.matcher.sfnet.GoldenSfnet.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.matcher.nn.SigmaUnit;
import org.denseflow.training.Learner;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import org.denseflow.training.TrainingPair;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingParameters.Updater;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Training as {@code sfnet-released} does it against losses, gradients and an optimiser step of the
 * authors' modules.
 */
class GoldenSfnetTrainingTest {
  private static final List<String> TAPS = List.of("stage1", "head");
  private static final Size GRID = new Size(20, 20);
  private static final List<SfnetGraph.Level> LEVELS =
      List.of(
          new SfnetGraph.Level("stage1", GRID, 96),
          new SfnetGraph.Level("head", new Size(10, 10), 128));
  private static final int BATCH = 4;
  private static final double RATE = 3e-5;

  @ParameterizedTest
  @CsvSource({"ALIGNED,ALIGNED", "EDGES,ALIGNED", "ALIGNED,EDGES", "EDGES,EDGES"})
  void lossesAgree(Corners warping, Corners upsampling) throws IOException {
    JsonNode expected = GoldenSfnet.losses(warping, upsampling);

    try (Trainer trainer = trainer(warping, upsampling)) {
      Trainer.StepReport report = trainer.step(examples(), List.of());

      for (String term : List.of("total", "mask", "flow", "smooth")) {
        double value = report.losses().get(term);
        System.out.printf(
            "golden  %-44s %.1e relative%n",
            "%s, warping %s, up-sampling %s".formatted(term, warping, upsampling),
            Math.abs(value / expected.get(term).asDouble() - 1));
        assertThat(value).isCloseTo(expected.get(term).asDouble(), within(1e-4));
      }

      assertThat(report.gradientNorm() / expected.get("gradient_norm").asDouble())
          .isCloseTo(1, within(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsFlowsAndWarpedMasksAgree(Corners warping) {
    String prefix = warping == Corners.ALIGNED ? "old-corners" : "new-corners";
    StubLearner learner = new StubLearner(TestConventions.released(warping));
    TrainingGraph graph = learner.graph(GraphMode.TRAINING, DataType.FLOAT, 1);
    WeightMap start = ReleasedCheckpoint.layers(weights("best_checkpoint.pt"), TAPS);
    graph.parameters().forEach(own -> own.getArr().assign(array(start.tensors().get(own.name()))));
    graph.graph().setLossVariables(graph.total().name());
    String[] names = graph.parameters().stream().map(SDVariable::name).toArray(String[]::new);
    Map<String, INDArray> inputs = inputs();
    Map<String, INDArray> gradients = graph.graph().calculateGradients(inputs, names);
    Map<String, Tensor> expected = renamed(weights("train/" + prefix + ".gradients.safetensors"));

    for (String name : names) {
      double error =
          relativeError(prefix + " " + name, gradients.get(name), array(expected.get(name)));
      assertThat(error).as(name).isLessThan(1e-4);
    }

    Map<String, INDArray> flows = graph.graph().output(inputs, "flow.source", "flow.target");
    assertView(prefix, "S2T", flows.get("flow.source"), "target", "est_src_mask", warping);
    assertView(prefix, "T2S", flows.get("flow.target"), "source", "est_tgt_mask", warping);
  }

  /** A flow, and the other view's mask seen through it. */
  private static void assertView(
      String prefix,
      String direction,
      INDArray flow,
      String other,
      String estimate,
      Corners warping) {
    String golden = "train/%s.grid_%s".formatted(prefix, direction);
    double error = difference(normalised(flow), array(golden)) * (GRID.width() - 1) / 2;
    System.out.printf("golden  %-44s %.1e cells%n", golden, error);
    assertThat(error).isLessThan(1e-3);

    SameDiff graph = SameDiff.create();
    FlowLosses losses =
        new FlowLosses(GRID, FlowLosses.Unit.NORMALISED, warping, FlowLosses.Smoothness.COMPONENTS);
    INDArray mask = map("train/" + other + ".mask");
    INDArray warped = losses.warp(graph.constant(mask), 1, graph.constant(flow)).eval();
    golden = "train/%s.%s".formatted(prefix, estimate);
    assertThat(relativeError(golden, warped, map(golden))).isLessThan(1e-4);
  }

  /** Where cells match, -1 and 1 at the centres of the outermost cells. */
  private static INDArray normalised(INDArray flow) {
    INDArray positions = flow.dup('c');

    for (int i = 0; i < GRID.cells(); i++) {
      int x = i % GRID.width();
      int y = i / GRID.width();
      positions
          .get(NDArrayIndex.all(), NDArrayIndex.point(y), NDArrayIndex.point(x))
          .addiRowVector(Nd4j.createFromArray((float) x, (float) y));
    }

    return positions.mul(2.0 / (GRID.width() - 1)).sub(1);
  }

  @Test
  void anOptimiserStepAgrees() {
    WeightMap before = weights("best_checkpoint.pt");
    Map<String, Tensor> expected = renamed(weights("train/old-corners.after-step.safetensors"));
    Map<String, Tensor> gradients = renamed(weights("train/old-corners.gradients.safetensors"));

    try (Trainer trainer = trainer(Corners.ALIGNED, Corners.ALIGNED)) {
      trainer.step(examples(), List.of());

      for (Map.Entry<String, Tensor> own : trainer.tensors().entrySet()) {
        String name = own.getKey();
        INDArray truth = array(expected.get(name));

        if (name.endsWith("running_mean")) {
          truth.subi(bias(before, name));
        }

        boolean isStatistic = name.contains("running");
        INDArray error = Transforms.abs(array(own.getValue()).sub(truth));

        if (isStatistic) {
          error.divi(truth.amaxNumber());
        } else {
          // Adam's first step is the rate times the gradient's sign, where that is no noise.
          INDArray gradient = Transforms.abs(array(gradients.get(name)));
          error.muli(
              gradient.gt(1e-3 * gradient.amaxNumber().doubleValue()).castTo(DataType.FLOAT));
          error.divi(RATE);
        }

        double largest = error.amaxNumber().doubleValue();
        System.out.printf("golden  step: %-38s %.1e%n", name, largest);
        assertThat(largest).as(name).isLessThan(isStatistic ? 1e-5 : 1e-2);
      }
    }
  }

  /** The bias of the convolution before a normalisation, which our layout does not have. */
  private static INDArray bias(WeightMap before, String name) {
    int level = name.contains(".stage1.") ? 1 : 2;
    int unit = name.contains(".0.norm") ? 1 : 2;
    return array(before.tensors().get("state_dict%d.conv%d.0.bias".formatted(level, unit)));
  }

  /** Tensors of the authors' modules, also gradients, under our names. */
  private static Map<String, Tensor> renamed(WeightMap map) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> parts =
        Map.of(
            "1.weight", "norm.weight",
            "1.bias", "norm.bias",
            "1.running_mean", "norm.running_mean",
            "1.running_var", "norm.running_var");

    for (int level = 1; level <= 2; level++) {
      for (int unit = 1; unit <= 2; unit++) {
        String from = "state_dict%d.conv%d.".formatted(level, unit);
        String to = "adapter.%s.%d.".formatted(TAPS.get(level - 1), unit - 1);
        Tensor weight = map.tensors().get(from + "0.weight");
        tensors.put(to + "conv.weight", weight.permute(2, 3, 1, 0));
        parts.forEach((part, own) -> tensors.put(to + own, map.tensors().get(from + part)));
      }
    }

    return tensors;
  }

  private static Trainer trainer(Corners warping, Corners upsampling) {
    SfnetConventions released = TestConventions.released(warping);
    StubLearner learner =
        new StubLearner(
            new SfnetConventions(
                SigmaUnit.CELL,
                upsampling,
                warping,
                released.smoothness(),
                released.masks(),
                released.features()));
    Updater adam =
        new Updater(Updater.Name.ADAM_CORRECTED, RATE, 1, List.of(), 0, 0.9, 0.9, 0.999, 1e-8, 0);
    Trainer trainer = new Trainer(learner, new TrainingParameters(10, BATCH, adam, 0, 1e9), 1);
    WeightMap start = ReleasedCheckpoint.layers(weights("best_checkpoint.pt"), TAPS);
    List<String> names = List.copyOf(trainer.tensors().keySet());
    List<String> running = names.stream().filter(name -> name.contains("running")).toList();
    List<String> parameters = names.subList(0, names.size() - running.size());
    float[] updater = trainer.state().updater();
    trainer.load(new TrainerState(0, joined(start, parameters), updater, joined(start, running)));
    return trainer;
  }

  private static float[] joined(WeightMap map, List<String> names) {
    INDArray[] arrays =
        names.stream().map(name -> array(map.tensors().get(name)).ravel()).toArray(INDArray[]::new);
    return Nd4j.concat(0, arrays).data().asFloat();
  }

  private static Map<String, INDArray> inputs() {
    Map<String, INDArray> inputs = new LinkedHashMap<>();

    for (String view : List.of("source", "target")) {
      inputs.put(view + ".stage1", map("train/" + view + ".backbone3"));
      inputs.put(view + ".head", map("train/" + view + ".backbone4"));
      inputs.put(view + ".mask", map("train/" + view + ".mask"));
    }

    inputs.put("truth", Nd4j.zeros(BATCH, GRID.height(), GRID.width(), 2));
    inputs.put("truth.valid", Nd4j.zeros(BATCH, GRID.height(), GRID.width(), 1));
    return inputs;
  }

  private static List<Map<String, INDArray>> examples() {
    Map<String, INDArray> inputs = inputs();
    List<Map<String, INDArray>> examples = new ArrayList<>();

    for (int i = 0; i < BATCH; i++) {
      Map<String, INDArray> example = new LinkedHashMap<>();
      int from = i;
      inputs.forEach(
          (name, all) ->
              example.put(
                  name,
                  all.get(NDArrayIndex.interval(from, from + 1), NDArrayIndex.all()).dup('c')));
      examples.add(example);
    }

    return examples;
  }

  /** SFNet's graph on features that are there already. */
  private record StubLearner(SfnetConventions conventions) implements Learner {

    @Override
    public List<Input> inputs() {
      return GoldenSfnetTrainingTest.inputs().keySet().stream()
          .map(name -> new Input(name, DataType.FLOAT))
          .toList();
    }

    @Override
    public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
      SfnetParameters.Adapter first = new SfnetParameters.Adapter(5, 2, Optional.empty());
      SfnetParameters.Adapter second = new SfnetParameters.Adapter(3, 2, Optional.empty());
      SfnetParameters parameters =
          new SfnetParameters(
              List.of(first, second),
              1,
              50,
              5,
              SfnetParameters.Argmax.KERNEL,
              3,
              16,
              0.5,
              0.1,
              conventions);
      return new SfnetGraph(parameters, LEVELS, mode, type).build(seed);
    }

    @Override
    public String exampleKind() {
      return "golden";
    }

    @Override
    public Map<String, INDArray> prepare(TrainingPair pair) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, String> modelMetadata() {
      return Map.of();
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}

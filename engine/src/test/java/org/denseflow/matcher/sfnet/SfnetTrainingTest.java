package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.GraphMode;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.WorkingSize;
import org.denseflow.synthesis.SyntheticPair;
import org.denseflow.synthesis.TestPairs;
import org.denseflow.training.DivergenceException;
import org.denseflow.training.ExampleCache;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import org.denseflow.training.TrainingPair;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingParameters.Updater;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** SFNet learns: on one pair, from a saved state on, and its model is what DenseFlowJob uses. */
class SfnetTrainingTest {
  private static final WorkingSize SIZE = new WorkingSize(160, 160);
  private static final SyntheticPair PAIR = TestPairs.draw(160, 3);

  @TempDir Path folder;

  @Test
  void overfitsOnePair() {
    try (SfnetLearner learner = learner(1)) {
      Trainer trainer = new Trainer(learner, parameters(1e-3), 1);
      List<Map<String, INDArray>> examples =
          List.of(learner.prepare(TrainingPair.of("a", TestPairs.draw(160, 1))));
      Map<String, Double> first = trainer.step(examples, List.of("a")).losses();
      steps(trainer, examples, 80);
      Map<String, Double> last = trainer.step(examples, List.of("a")).losses();

      System.out.printf("overfitting one pair: %s%n                   to %s%n", first, last);
      assertThat(last.get("total")).isLessThan(first.get("total") / 10);
      assertThat(last.get("epe")).isLessThan(1);
    }
  }

  @Test
  void goesOnFromASavedStateBitForBit() {
    try (SfnetLearner learner = learner(1)) {
      List<Map<String, INDArray>> examples = List.of(learner.prepare(TrainingPair.of("a", PAIR)));
      Trainer whole = new Trainer(learner, parameters(1e-3), 1);
      steps(whole, examples, 2);
      TrainerState middle = whole.state();
      steps(whole, examples, 3);
      Trainer resumed = new Trainer(learner, parameters(1e-3), 99);
      resumed.load(middle);
      steps(resumed, examples, 3);

      assertThat(resumed.state().step()).isEqualTo(5);
      assertThat(resumed.state().parameters()).isEqualTo(whole.state().parameters());
      assertThat(resumed.state().updater()).isEqualTo(whole.state().updater());
      assertThat(resumed.state().statistics()).isEqualTo(whole.state().statistics());
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void theModelFileGivesTheFeaturesOfTheGraph(Optional<Integer> width) throws IOException {
    Path file = folder.resolve("model.safetensors");

    try (SfnetLearner learner = learner(2, width)) {
      Trainer trainer = new Trainer(learner, parameters(1e-3), 1);
      Map<String, INDArray> example = learner.prepare(TrainingPair.of("a", PAIR));
      steps(trainer, List.of(example), 3);
      SafetensorsFile.write(file, trainer.tensors(), learner.modelMetadata());
      Map<String, INDArray> inputs = new java.util.HashMap<>();
      example.forEach(
          (name, array) ->
              inputs.put(name, array.castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)));
      trainer
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (name.contains("running")) {
                  inputs.put(name, Nd4j.createFromArray(tensor.values()));
                }
              });
      var graph = learner.graph(GraphMode.INFERENCE, org.nd4j.linalg.api.buffer.DataType.FLOAT, 1);
      graph
          .parameters()
          .forEach(
              variable -> {
                var tensor = trainer.tensors().get(variable.name());
                variable
                    .getArr()
                    .assign(
                        Nd4j.createFromArray(tensor.values())
                            .reshape('c', variable.getArr().shape()));
              });
      INDArray expected = graph.graph().outputSingle(inputs, "adapted.source.hog");

      try (AdaptedBackbone adapted = new AdaptedBackbone(hog(), file, 1)) {
        FeatureMap map = adapted.extract(image()).get(0).get(0);
        INDArray difference = map.values().sub(expected.reshape(map.values().shape()));
        assertThat(difference.amaxNumber().doubleValue()).isLessThan(2e-3);
        assertThat(adapted.weightDigest()).startsWith("none+sha256:");
      }
    }
  }

  @Test
  void halfOfTheAdaptationIsHalfOfTheChange() throws IOException {
    Path file = folder.resolve("model.safetensors");

    try (SfnetLearner learner = learner(1, Optional.of(16))) {
      Trainer trainer = new Trainer(learner, parameters(1e-3), 1);
      steps(trainer, List.of(learner.prepare(TrainingPair.of("a", PAIR))), 3);
      SafetensorsFile.write(file, trainer.tensors(), learner.modelMetadata());
      INDArray none = features(file, 0);
      INDArray half = features(file, 0.5);
      INDArray all = features(file, 1);
      INDArray error = all.add(none).div(2).sub(half);

      assertThat(error.amaxNumber().doubleValue()).isLessThan(1e-5);
      assertThat(all.sub(none).amaxNumber().doubleValue()).isGreaterThan(0.1);

      try (Backbone hog = hog()) {
        assertThat(none).isEqualTo(hog.extract(image()).get(0).get(0).values());
      }
    }
  }

  private static INDArray features(Path model, double share) {
    try (AdaptedBackbone adapted = new AdaptedBackbone(hog(), model, share)) {
      return adapted.extract(image()).get(0).get(0).values();
    }
  }

  private static List<FloatImage> image() {
    return List.of(Resize.toFloat(PAIR.source(), 160, 160));
  }

  @Test
  void refusesAModelOfAnotherBackbone() throws IOException {
    Path file = folder.resolve("other.safetensors");

    try (SfnetLearner learner = learner(1)) {
      Trainer trainer = new Trainer(learner, parameters(1e-3), 1);
      Map<String, String> metadata = new java.util.TreeMap<>(learner.modelMetadata());
      metadata.put("denseflow.backbone-weights", "sha256:other");
      SafetensorsFile.write(file, trainer.tensors(), metadata);
      assertThatThrownBy(() -> new AdaptedBackbone(hog(), file, 1))
          .isInstanceOf(WeightException.class)
          .hasMessageContaining("sha256:other")
          .hasMessageContaining("--weights");
      SafetensorsFile.write(file, trainer.tensors(), Map.of());
      assertThatThrownBy(
              () ->
                  AdaptedBackbone.validate(
                      file, new BackboneIdentity("hog", List.of("hog"), "none"), 1))
          .isInstanceOf(WeightException.class)
          .hasMessageContaining("TrainJob");
    }
  }

  @Test
  void saysWhichPairsMadeItDiverge() {
    try (SfnetLearner learner = learner(1)) {
      Trainer trainer = new Trainer(learner, parameters(1e-3), 1);
      Map<String, INDArray> example = learner.prepare(TrainingPair.of("a", PAIR));
      example.get("source.mask").putScalar(0, Float.NaN);
      TrainerState before = trainer.state();
      assertThatThrownBy(() -> trainer.step(List.of(example), List.of("bird.jpg#7")))
          .isInstanceOf(DivergenceException.class)
          .hasMessageContaining("bird.jpg#7");
      assertThat(trainer.state().parameters()).isEqualTo(before.parameters());
    }
  }

  @Test
  void masksAreNeeded() {
    try (SfnetLearner learner = learner(1)) {
      TrainingPair bare =
          new TrainingPair(
              "bird.jpg#7",
              PAIR.source(),
              PAIR.target(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(PAIR.recipe()),
              Optional.empty());
      assertThatThrownBy(() -> learner.prepare(bare))
          .hasMessageContaining("bird.jpg#7")
          .hasMessageContaining("--masks");
    }
  }

  @Test
  void theCacheGivesBackWhatItTook() {
    try (SfnetLearner learner = learner(1)) {
      Map<String, INDArray> example = learner.prepare(TrainingPair.of("a", PAIR));
      ExampleCache cache = new ExampleCache(folder.resolve("cache"), learner.inputs(), 1L << 30);
      assertThat(cache.read("a")).isNull();
      cache.write("a", example);
      assertThat(cache.read("a")).isEqualTo(example);
      ExampleCache full = new ExampleCache(folder.resolve("cache"), learner.inputs(), 10);
      full.write("b", example);
      assertThat(full.read("b")).isNull();
    }
  }

  /** 160 and 170 pixels make grids of 10 cells of 16 pixels. */
  @Test
  void examplesOfAnotherWorkingSizeAreOfAnotherKind() {
    try (SfnetLearner one = learner(1);
        SfnetLearner other = learner(1, Optional.empty(), new WorkingSize(170, 170))) {
      assertThat(other.inputs()).usingRecursiveComparison().isEqualTo(one.inputs());
      assertThat(other.exampleKind()).isNotEqualTo(one.exampleKind());
    }
  }

  @Test
  void statesAreAveraged() {
    TrainerState a = new TrainerState(7, new float[] {1, 2}, new float[] {4}, new float[] {0});
    TrainerState b = new TrainerState(7, new float[] {3, 4}, new float[] {0}, new float[] {1});
    TrainerState mean = a.add(b).divide(2);

    assertThat(mean.parameters()).containsExactly(2, 3);
    assertThat(mean.updater()).containsExactly(2);
    assertThat(mean.statistics()).containsExactly(0.5f);
  }

  private static void steps(Trainer trainer, List<Map<String, INDArray>> examples, int count) {
    for (int i = 0; i < count; i++) {
      trainer.step(examples, List.of("a"));
    }
  }

  private static Backbone hog() {
    return Backbones.create(new BackboneSpec("hog", List.of(), Optional.empty()));
  }

  static Stream<Optional<Integer>> widths() {
    return Stream.of(Optional.empty(), Optional.of(16));
  }

  private static SfnetLearner learner(int units) {
    return learner(units, Optional.empty());
  }

  private static SfnetLearner learner(int units, Optional<Integer> width) {
    return learner(units, width, SIZE);
  }

  private static SfnetLearner learner(int units, Optional<Integer> width, WorkingSize size) {
    SfnetParameters parameters =
        new SfnetParameters(
            List.of(new SfnetParameters.Adapter(1, units, width)),
            1,
            50,
            5,
            SfnetParameters.Argmax.KERNEL,
            3,
            16,
            0.5,
            0.1,
            TestConventions.PAPER);
    return new SfnetLearner(parameters, hog(), size);
  }

  private static TrainingParameters parameters(double learningRate) {
    return new TrainingParameters(
        1000,
        1,
        new Updater(Updater.Name.ADAM, learningRate, 0.2, List.of(), 0, 0.9, 0.9, 0.999, 1e-8, 0),
        0,
        100);
  }
}

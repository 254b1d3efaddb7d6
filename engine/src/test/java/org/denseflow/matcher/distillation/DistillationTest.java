package org.denseflow.matcher.distillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.network.NetworkGraph;
import org.denseflow.backbone.network.TinyNetwork;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.image.Resize;
import org.denseflow.image.WorkingSize;
import org.denseflow.synthesis.TestPairs;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import org.denseflow.training.TrainingPair;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingParameters.Updater;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A student learns from HOG: its losses, its training and the weights that it leaves. */
class DistillationTest {
  private static final WorkingSize SIZE = new WorkingSize(64, 64);
  private static final DistillationParameters PARAMETERS =
      new DistillationParameters("denseflow_s", 1, 0.2, 1, 10);

  @TempDir Path folder;

  @Test
  void lossesAreThoseOfTheirDefinition() {
    Map<String, INDArray> inputs = DistillationGradient.inputs();
    TrainingGraph graph = DistillationGradient.graph(GraphMode.INFERENCE);
    WeightMap student = student(graph, inputs);
    Map<String, INDArray> losses = graph.graph().output(inputs, "cosine", "structure");
    double[][][][] views = new double[2][][][];
    double[][][][] teachers = new double[2][][][];

    for (int view = 0; view < 2; view++) {
      String name = view == 0 ? "source" : "target";
      views[view] = cells(features(student, inputs.get(name)));
      teachers[view] = cells(projected(inputs, inputs.get(name + ".teacher")));
    }

    assertThat(losses.get("cosine").getDouble(0)).isCloseTo(cosine(views, teachers), within(1e-5));
    assertThat(losses.get("structure").getDouble(0))
        .isCloseTo(10 * structure(views, teachers), within(1e-4));
  }

  private static double cosine(double[][][][] students, double[][][][] teachers) {
    double sum = 0;

    for (int view = 0; view < 2; view++) {
      for (int pair = 0; pair < 3; pair++) {
        for (int cell = 0; cell < 4; cell++) {
          sum += 1 - dot(students[view][pair][cell], teachers[view][pair][cell]);
        }
      }
    }

    return sum / (2 * 3 * 4);
  }

  private static double structure(double[][][][] students, double[][][][] teachers) {
    double sum = 0;

    for (int pair = 0; pair < 3; pair++) {
      for (int other : new int[] {pair, (pair + 1) % 3}) {
        for (int a = 0; a < 4; a++) {
          for (int b = 0; b < 4; b++) {
            double student = dot(students[0][pair][a], students[1][other][b]);
            double teacher = dot(teachers[0][pair][a], teachers[1][other][b]);
            sum += (student - teacher) * (student - teacher);
          }
        }
      }
    }

    return sum / (2 * 3 * 4 * 4);
  }

  /** The student's weights with normalisations of random statistics, which the inputs get. */
  private static WeightMap student(TrainingGraph graph, Map<String, INDArray> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (SDVariable parameter : graph.parameters()) {
      tensors.put(parameter.name(), tensor(parameter.getArr()));
      String layer = parameter.name().replace(".norm.weight", "");

      if (!layer.equals(parameter.name())) {
        long channels = parameter.getArr().length();
        inputs.put(Statistic.meanName(layer), Nd4j.randn(DataType.DOUBLE, channels));
        inputs.put(Statistic.varianceName(layer), Nd4j.rand(DataType.DOUBLE, channels).add(0.1));
      }
    }

    inputs.forEach(
        (name, array) -> {
          if (name.contains(".norm.")) {
            tensors.put(name, tensor(array));
          }
        });
    return new WeightMap("student", "none", DistillationLearner.weights(tensors), Map.of());
  }

  private static Tensor tensor(INDArray array) {
    int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
    return new Tensor(shape, array.castTo(DataType.FLOAT).dup('c').data().asFloat());
  }

  private static INDArray features(WeightMap student, INDArray view) {
    List<String> nodes = List.of("head");
    return NetworkGraph.run(TinyNetwork.make(), nodes, student, view.castTo(DataType.FLOAT)).get(0);
  }

  private static INDArray projected(Map<String, INDArray> inputs, INDArray teacher) {
    INDArray components = inputs.get(DistillationGraph.COMPONENTS);
    INDArray rows = teacher.reshape('c', 12, teacher.size(3));
    return rows.subRowVector(inputs.get(DistillationGraph.MEAN))
        .mmul(components)
        .dup('c')
        .reshape('c', 3, 2, 2, components.size(1));
  }

  /** {@code [pair][cell]} vectors of length 1. */
  private static double[][][] cells(INDArray map) {
    double[][][] cells = new double[3][4][(int) map.size(3)];

    for (int pair = 0; pair < 3; pair++) {
      for (int cell = 0; cell < 4; cell++) {
        double[] vector = cells[pair][cell];

        for (int c = 0; c < vector.length; c++) {
          vector[c] = map.getDouble(pair, cell / 2, cell % 2, c);
        }

        double norm = Math.sqrt(dot(vector, vector));

        for (int c = 0; c < vector.length; c++) {
          vector[c] /= norm;
        }
      }
    }

    return cells;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }

    return sum;
  }

  @Test
  void overfitsTwoPairsAndGoesOnFromASavedStateBitForBit() {
    try (DistillationLearner learner = learner()) {
      List<Map<String, INDArray>> examples = examples(learner);
      Trainer trainer = trainer(learner, examples);
      double first = total(trainer, examples);
      TrainerState middle = trainer.state();

      for (int i = 0; i < 40; i++) {
        total(trainer, examples);
      }

      double last = total(trainer, examples);
      System.out.printf("distillation of two pairs: %.3f to %.3f%n", first, last);
      assertThat(last).isLessThan(first / 3);

      Trainer resumed = new Trainer(learner, training(), 99);
      resumed.load(middle);

      for (int i = 0; i < 41; i++) {
        total(resumed, examples);
      }

      assertThat(resumed.state().parameters()).isEqualTo(trainer.state().parameters());
      assertThat(resumed.state().statistics()).isEqualTo(trainer.state().statistics());
    }
  }

  @Test
  void theModelIsAWeightFileOfTheStudent() throws IOException {
    Path file = folder.resolve("student.safetensors");

    try (DistillationLearner learner = learner()) {
      List<Map<String, INDArray>> examples = examples(learner);
      Trainer trainer = trainer(learner, examples);
      total(trainer, examples);
      SafetensorsFile.write(
          file,
          DistillationLearner.weights(trainer.tensors()),
          learner.modelMetadata(),
          Precision.HALF);
      Map<String, Double> losses = trainer.validate(examples.subList(0, 1));
      BackboneSpec spec = new BackboneSpec("denseflow_s", List.of(), Optional.of(file));

      try (Backbone student = Backbones.create(spec)) {
        double sum = 0;

        for (String view : List.of("source", "target")) {
          sum += cosine(student, trainer, examples.get(0), view);
        }

        // Weights and views in half precision against single precision in training.
        assertThat(1 - sum / 2).isCloseTo(losses.get("cosine"), within(2e-3));
      }
    }
  }

  /** The mean cosine of a student's and the projected teacher's features. */
  private static double cosine(
      Backbone student, Trainer trainer, Map<String, INDArray> example, String view) {
    TrainingPair pair = pair();
    INDArray own =
        student
            .extract(
                List.of(
                    Resize.toFloat(view.equals("source") ? pair.source() : pair.target(), 64, 64)))
            .get(0)
            .get(0)
            .values();
    float[] mean = trainer.tensors().get(DistillationGraph.MEAN).values();
    float[] components = trainer.tensors().get(DistillationGraph.COMPONENTS).values();
    INDArray teacher =
        example
            .get(view + ".teacher")
            .castTo(DataType.FLOAT)
            .reshape('c', own.size(0), mean.length)
            .subRowVector(Nd4j.createFromArray(mean))
            .mmul(Nd4j.createFromArray(components).reshape('c', mean.length, own.size(1)));
    return own.mul(teacher)
        .sum(1)
        .div(own.norm2(1))
        .div(teacher.norm2(1))
        .meanNumber()
        .doubleValue();
  }

  @Test
  void aTeacherOfAnotherGridIsBroughtToTheStudents() {
    WorkingSize odd = new WorkingSize(72, 72);

    try (DistillationLearner learner = new DistillationLearner(PARAMETERS, hog(), odd)) {
      // 72 pixels are 4 cells of HOG and 5 of a network that keeps what overhangs.
      assertThat(learner.prepare(pair()).get("source.teacher").shape())
          .containsExactly(1, 5, 5, 6 * 6 * 27);
    }
  }

  private static double total(Trainer trainer, List<Map<String, INDArray>> examples) {
    return trainer.step(examples, List.of("a", "b")).losses().get("total");
  }

  private static Trainer trainer(
      DistillationLearner learner, List<Map<String, INDArray>> examples) {
    Trainer trainer = new Trainer(learner, training(), 1);
    trainer.fit(examples);
    return trainer;
  }

  private static List<Map<String, INDArray>> examples(DistillationLearner learner) {
    return List.of(
        learner.prepare(pair()), learner.prepare(TrainingPair.of("b", TestPairs.draw(64, 4))));
  }

  private static TrainingPair pair() {
    return TrainingPair.of("a", TestPairs.draw(64, 3));
  }

  private static DistillationLearner learner() {
    return new DistillationLearner(PARAMETERS, hog(), SIZE);
  }

  private static Backbone hog() {
    return Backbones.create(new BackboneSpec("hog", List.of(), Optional.empty()));
  }

  private static TrainingParameters training() {
    return new TrainingParameters(
        1000,
        1,
        new Updater(Updater.Name.ADAM, 1e-3, 0.4, List.of(), 0, 0.9, 0.9, 0.999, 1e-8, 0),
        1,
        100);
  }
}

package org.denseflow.matcher.distillation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.ScaleAndShift;
import org.denseflow.backbone.network.Network;
import org.denseflow.backbone.network.Networks;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.FrozenFeatures;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.projection.Moments;
import org.denseflow.matcher.projection.PrincipalComponents;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.denseflow.weights.KernelLayout;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a compact backbone, the student, by the features of a frozen one, the teacher, on pairs of
 * any kind; their geometry is not used. Where the grids differ the teacher's features are brought
 * to the student's. Views and the teacher's features are kept in half precision.
 */
public final class DistillationLearner implements Learner {
  /** The system's name, in presets and model files. */
  public static final String SYSTEM = "distillation";

  private final DistillationParameters parameters;
  private final FrozenFeatures teacher;
  private final WorkingSize size;
  private final Network student;
  private final Size grid;
  private final int out;
  private final Map<String, String> metadata;

  /**
   * Makes a learner.
   *
   * @param teacher belongs to it
   * @param size every view is resized to it
   * @throws IllegalArgumentException if the student has normalisations of its own
   */
  public DistillationLearner(
      DistillationParameters parameters, Backbone teacher, WorkingSize size) {
    this.parameters = parameters;
    this.size = size;
    this.student = Networks.named(parameters.student());
    this.metadata = TrainedModel.metadata(SYSTEM, teacher.identity());
    this.teacher = new FrozenFeatures(teacher, size);
    DistillationGraph graph = graph(GraphMode.INFERENCE, DataType.FLOAT);
    this.grid = graph.grid();
    this.out = graph.out();
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        view(DistillationGraph.SOURCE),
        view(DistillationGraph.TARGET),
        features(DistillationGraph.SOURCE_TEACHER),
        features(DistillationGraph.TARGET_TEACHER));
  }

  private Input view(String name) {
    return new Input(name, DataType.FLOAT16, size.height(), size.width(), 3);
  }

  private Input features(String name) {
    return new Input(name, DataType.FLOAT16, grid.height(), grid.width(), teacher.channels());
  }

  @Override
  public String exampleKind() {
    return "views and features of %s on %dx%d cells"
        .formatted(teacher.kind(), grid.width(), grid.height());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    return Examples.of(
        example -> {
          example.put(DistillationGraph.SOURCE, input(pair.source()));
          example.put(DistillationGraph.TARGET, input(pair.target()));
          example.put(DistillationGraph.SOURCE_TEACHER, features(pair.source()));
          example.put(DistillationGraph.TARGET_TEACHER, features(pair.target()));
        });
  }

  /** The teacher's, on the student's grid. */
  private INDArray features(RgbImage view) {
    return teacher.joined(teacher.maps(view), grid);
  }

  private INDArray input(RgbImage view) {
    try (INDArray input =
        Networks.input(List.of(Resize.toFloat(view, size.width(), size.height())))) {
      return input.castTo(DataType.FLOAT16);
    }
  }

  @Override
  public List<Input> fitted() {
    return List.of(
        new Input(DistillationGraph.MEAN, DataType.FLOAT, teacher.channels()),
        new Input(DistillationGraph.COMPONENTS, DataType.FLOAT, teacher.channels(), out));
  }

  /** The principal components of the teacher's features. */
  @Override
  public Map<String, INDArray> fit(List<Map<String, INDArray>> examples) {
    Moments moments = new Moments(teacher.channels());

    for (Map<String, INDArray> example : examples) {
      for (String view :
          List.of(DistillationGraph.SOURCE_TEACHER, DistillationGraph.TARGET_TEACHER)) {
        moments.add(example.get(view).reshape('c', -1, teacher.channels()));
      }
    }

    PrincipalComponents found = PrincipalComponents.of(moments, out);
    Tensor components = found.components().permute(1, 0);
    return Map.of(
        DistillationGraph.MEAN,
        Nd4j.createFromArray(found.mean().values()),
        DistillationGraph.COMPONENTS,
        NativeArrays.of(components.values(), components.shape()));
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return graph(mode, type).build(seed);
  }

  private DistillationGraph graph(GraphMode mode, DataType type) {
    Size views = new Size(size.width(), size.height());
    return new DistillationGraph(parameters, student, views, teacher.channels(), mode, type);
  }

  @Override
  public Map<String, String> modelMetadata() {
    return metadata;
  }

  /**
   * The weights of the student as a backbone reads them, the normalisations folded into kernels and
   * biases.
   *
   * @param trained the tensors of a trainer, kernels {@code [kH, kW, in, out]}
   */
  public static Map<String, Tensor> weights(Map<String, Tensor> trained) {
    WeightMap tensors = new WeightMap("a trained student", "none", trained, Map.of());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    trained.forEach(
        (name, kernel) -> {
          if (kernel.shape().length == 4) {
            String layer = name.substring(0, name.length() - ".weight".length());
            Tensor bias = trained.get(layer + ".bias");

            if (bias == null) {
              int out = kernel.shape()[3];
              ScaleAndShift by = ScaleAndShift.of(tensors, layer + ".norm", out);
              kernel = new Tensor(kernel.shape(), by.kernel(kernel.values()));
              bias = new Tensor(new int[] {out}, by.bias(new float[out]));
            }

            weights.put(name, kernel.permute(KernelLayout.stored()));
            weights.put(layer + ".bias", bias);
          }
        });
    return weights;
  }

  @Override
  public void close() {
    teacher.close();
  }
}

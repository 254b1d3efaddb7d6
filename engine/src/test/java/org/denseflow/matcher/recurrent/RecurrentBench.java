package org.denseflow.matcher.recurrent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.QuietGradients;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.style.StyleShape;
import org.denseflow.style.StyleWeights;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The recurrent networks on 16x16 cells of 1024 channels, for measuring. */
public final class RecurrentBench<F extends ImageFeatures> {
  /** Passes of the network. */
  public static final int PASSES = 4;

  private static final String BACKBONE = "bench";
  private static final String WEIGHTS = "none";
  private static final StyleShape STYLE = StyleShape.RELU3_1;
  private static final int SIDE = 16;
  private static final int FEATURES = 1024;
  private static final Size GRID = new Size(SIDE, SIDE);
  private static final SamParameters SAM =
      new SamParameters(1, 1, 0.3, 0.9, SamParameters.Loss.CROSS_ENTROPY, 1, 0.1, 0.05, 1, 10);

  private final RtnParameters parameters;
  private final TrainingGraph graph;
  private final RecurrentModel<F> model;
  private final boolean styled;
  private final List<F> images = new ArrayList<>();

  private RecurrentBench(
      RtnParameters parameters, TrainingGraph graph, RecurrentModel<F> model, boolean styled) {
    this.parameters = parameters;
    this.graph = graph;
    this.model = model;
    this.styled = styled;
    graph.graph().setLossVariables(graph.total().name());
    QuietGradients.create(graph.graph());
    images.add(model.describe(features(), image()));
    images.add(model.describe(features(), image()));
  }

  private static CellFeatures features() {
    INDArray cells = Nd4j.randn(DataType.FLOAT, GRID.cells(), FEATURES);
    FeatureMap map = new FeatureMap(BACKBONE, GRID, FEATURES, cells);
    return new CellFeatures(GRID, List.of(map));
  }

  private static RgbImage image() {
    int pixels = STYLE.stride() * SAM.scale() * SIDE;
    byte[] values = new byte[3 * pixels * pixels];
    new Random(1).nextBytes(values);
    return new RgbImage(pixels, pixels, values);
  }

  /** RTNs with the geometric matching network of {@code rtn-compact}. */
  public static RecurrentBench<?> compact() {
    return rtn(parameters(3, List.of(64, 128, 128)));
  }

  /** RTNs with that of {@code rtn}, as released. */
  public static RecurrentBench<?> paper() {
    return rtn(parameters(9, List.of(64, 128, 256, 512, 512)));
  }

  private static RecurrentBench<?> rtn(RtnParameters own) {
    RtnShape shape = own.shape(FEATURES);
    Path file = write(RtnLearner.SYSTEM, shape.tensors(), shape.metadata());
    return new RecurrentBench<>(
        own,
        new RtnGraph(own, GRID, FEATURES, DataType.FLOAT).build(1),
        RtnModel.read(file, new BackboneIdentity(BACKBONE, List.of(BACKBONE), WEIGHTS), PASSES),
        false);
  }

  /** SAM-Net as in {@code samnet-compact}. */
  public static RecurrentBench<?> samnet() {
    RtnParameters own = parameters(3, List.of(64, 128, 128));
    SamShape shape = SamGraph.shape(own, SAM, STYLE, FEATURES);
    Map<String, int[]> tensors = new LinkedHashMap<>(shape.tensors());
    tensors.putAll(STYLE.tensors());
    Path file = write(SamLearner.SYSTEM, tensors, shape.metadata());
    return new RecurrentBench<>(
        own,
        new SamGraph(own, SAM, shape, GRID, GraphMode.INFERENCE, DataType.FLOAT)
            .build(StyleWeights.read(file).arrays(1), 1),
        SamModel.read(
            file,
            new BackboneIdentity(BACKBONE, List.of(BACKBONE), WEIGHTS),
            PASSES,
            SAM.strength(),
            Optional.empty()),
        true);
  }

  /** A model of random numbers. */
  private static Path write(String system, Map<String, int[]> shapes, Map<String, String> stated) {
    Random random = new Random(1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, sides) -> {
          float[] values = new float[Arrays.stream(sides).reduce(1, (a, b) -> a * b)];

          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.03 * random.nextGaussian());
          }

          tensors.put(name, new Tensor(sides, values));
        });
    Map<String, String> metadata = new LinkedHashMap<>(stated);
    metadata.put("denseflow.system", system);
    metadata.put("denseflow.backbone", BACKBONE);
    metadata.put("denseflow.taps", BACKBONE);
    metadata.put("denseflow.backbone-weights", WEIGHTS);

    try {
      Path file = Files.createTempFile("denseflow-bench-", ".safetensors");
      file.toFile().deleteOnExit();
      SafetensorsFile.write(file, tensors, metadata);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a model", e);
    }
  }

  private static RtnParameters parameters(int kernel, List<Integer> widths) {
    return new RtnParameters(128, PASSES, 4, List.of(4, 2, 1), 0, kernel, widths, 4, 20, 0.1, 1);
  }

  /** Matches pairs side by side. */
  public void match(int pairs) {
    model.match(images.get(0), Collections.nCopies(pairs, images.get(1)));
  }

  /** Makes the gradient of pairs side by side. */
  public void learn(int pairs) {
    Map<String, INDArray> inputs = inputs(pairs);
    String[] names = graph.parameters().stream().map(SDVariable::name).toArray(String[]::new);
    graph.graph().calculateGradients(inputs, names).values().forEach(INDArray::close);
    inputs.values().forEach(INDArray::close);
  }

  /** Multiplications and additions of a pair's convolutions in a pass. */
  public double flops() {
    int pixels = STYLE.stride() * SAM.scale() * SIDE;
    return 2 * (geometry() + (styled ? STYLE.products(new Size(pixels, pixels)) : 0));
  }

  /** Multiplications of the geometric matching network. */
  private double geometry() {
    RtnShape shape = parameters.shape(FEATURES);
    double products = 0;

    for (int level = 0; level < shape.widths().size(); level++) {
      double cells = Math.ceil(SIDE / Math.pow(2, level)) * Math.ceil(SIDE / Math.pow(2, level));
      products += cells * products(shape.encoder(level));
      products += level + 1 < shape.widths().size() ? cells * products(shape.decoder(level)) : 0;
    }

    return products + GRID.cells() * products(List.of(shape.output()));
  }

  private static double products(List<RtnShape.Layer> layers) {
    return layers.stream()
        .mapToDouble(layer -> (double) layer.kernel() * layer.kernel() * layer.in() * layer.out())
        .sum();
  }

  private Map<String, INDArray> inputs(int pairs) {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("source", Nd4j.randn(DataType.FLOAT, pairs, SIDE, SIDE, FEATURES));
    inputs.put("target", Nd4j.randn(DataType.FLOAT, pairs, SIDE, SIDE, FEATURES));
    inputs.put("source.mask", Nd4j.ones(DataType.FLOAT, pairs, SIDE, SIDE, 1));
    inputs.put("truth", Nd4j.zeros(DataType.FLOAT, pairs, SIDE, SIDE, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.FLOAT, pairs, SIDE, SIDE, 1));

    if (styled) {
      int pixels = STYLE.stride() * SAM.scale() * SIDE;
      inputs.put("source.image", Nd4j.rand(DataType.FLOAT, pairs, pixels, pixels, 3));
      inputs.put("target.image", Nd4j.rand(DataType.FLOAT, pairs, pixels, pixels, 3));
    }

    return inputs;
  }
}

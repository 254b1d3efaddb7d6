package org.denseflow.style;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphCache;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.QuietGradients;
import org.denseflow.image.RgbImage;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Looks for the image that has given features: steps of gradient descent (Adam) on its pixels, for
 * |F − X|² / |X|² + |G − T|² / |T|², where F are its features of relu3_1, X the wanted ones, G its
 * Gram matrix per cell over a region and T the wanted one.
 *
 * <p>Our choice: the given decoder smooths. Encoding and decoding a photograph of birds alone takes
 * a third of the way to another bird's Gram matrix away again. Used by one thread at a time.
 */
public final class FeatureInversion implements AutoCloseable {
  private static final String IMAGE = "image";
  private static final String FEATURES = "features";
  private static final String GRAM = "gram";
  private static final String REGION = "region";
  private static final String FEATURE_SCALE = "featureScale";
  private static final String GRAM_SCALE = "gramScale";

  /** Of pixels from 0 to 1. */
  private static final Adam UPDATER =
      Adam.builder().learningRate(0.02).beta1(0.9).beta2(0.99).epsilon(1e-9).build();

  private final StyleCodec codec;
  private final int steps;
  private final GraphCache<Size> graphs = new GraphCache<>(this::graph);

  /**
   * Prepares for a number of steps; 0 leaves images as they are.
   *
   * @param codec stays open as long as this is used
   */
  public FeatureInversion(StyleCodec codec, int steps) {
    this.codec = codec;
    this.steps = steps;
  }

  /**
   * An image near the wanted features.
   *
   * @param start where descent begins, four times the features' width and height
   * @param wanted features
   * @param gram wanted, {@code [channels, channels]}
   * @param region cells that the Gram matrix is of
   */
  public RgbImage invert(RgbImage start, StyleFeatures wanted, double[][] gram, boolean[] region) {
    if (steps == 0) {
      return start;
    }

    OwnedGraph graph = graphs.get(start.size());
    Map<String, INDArray> inputs = inputs(wanted, gram, region);

    try (INDArray pixels = pixels(start)) {
      descend(graph, inputs, pixels);
      return StyleCodec.image(start.size(), pixels.data().asFloat());
    } finally {
      NativeArrays.close(inputs.values());
    }
  }

  private void descend(OwnedGraph graph, Map<String, INDArray> inputs, INDArray pixels) {
    try (INDArray state = Nd4j.zeros(DataType.FLOAT, 1, UPDATER.stateSize(pixels.length()))) {
      GradientUpdater<?> updater = UPDATER.instantiate(state, true);

      for (int step = 0; step < steps; step++) {
        try (INDArray gradient = gradient(graph, inputs, pixels)) {
          updater.applyUpdater(gradient.reshape('c', 1, gradient.length()), step, 0);
          pixels.subi(gradient);
          Transforms.min(Transforms.max(pixels, 0, false), 1, false);
        }
      }
    }
  }

  /** {@code [1, height, width, 3]}, 0..1. */
  private static INDArray pixels(RgbImage image) {
    float[] values = new float[image.pixels().length];

    for (int i = 0; i < values.length; i++) {
      values[i] = (image.pixels()[i] & 0xff) / 255f;
    }

    return Nd4j.create(values, new long[] {1, image.height(), image.width(), 3}, 'c');
  }

  private static Map<String, INDArray> inputs(
      StyleFeatures wanted, double[][] gram, boolean[] region) {
    int channels = wanted.channels();
    int cells = wanted.width() * wanted.height();
    float[] matrix = new float[channels * channels];
    double gramNorm = 1e-12;

    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) gram[i / channels][i % channels];
      gramNorm += matrix[i] * matrix[i];
    }

    double featureNorm = 1e-12;

    for (float value : wanted.values()) {
      featureNorm += value * value;
    }

    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(FEATURES, Nd4j.create(wanted.values(), new long[] {cells, channels}, 'c'));
    inputs.put(GRAM, Nd4j.create(matrix, new long[] {channels, channels}, 'c'));
    inputs.put(REGION, Nd4j.create(weights(region), new long[] {cells, 1}, 'c'));
    inputs.put(FEATURE_SCALE, Nd4j.scalar((float) (1 / featureNorm)));
    inputs.put(GRAM_SCALE, Nd4j.scalar((float) (1 / gramNorm)));
    return inputs;
  }

  /** Roots of weights that add up to 1. */
  private static float[] weights(boolean[] region) {
    int count = 0;

    for (boolean inside : region) {
      count += inside ? 1 : 0;
    }

    float[] weights = new float[region.length];

    for (int i = 0; i < weights.length; i++) {
      weights[i] = region[i] ? (float) Math.sqrt(1.0 / count) : 0;
    }

    return weights;
  }

  private static INDArray gradient(
      OwnedGraph graph, Map<String, INDArray> inputs, INDArray pixels) {
    Map<String, INDArray> all = new HashMap<>(inputs);
    all.put(IMAGE, pixels);

    try (INDArray gradient =
        graph.gradients(all, List.of(), List.of(IMAGE)).getGradients().get(IMAGE)) {
      return gradient.dup('c');
    }
  }

  private OwnedGraph graph(Size size) {
    SameDiff graph = OwnedGraph.empty();
    int stride = codec.shape().stride();
    int channels = codec.shape().channels();
    long cells = size.over(stride).cells();
    SDVariable image = graph.placeHolder(IMAGE, DataType.FLOAT, 1, size.height(), size.width(), 3);
    SDVariable wanted = graph.placeHolder(FEATURES, DataType.FLOAT, cells, channels);
    SDVariable gram = graph.placeHolder(GRAM, DataType.FLOAT, channels, channels);
    SDVariable region = graph.placeHolder(REGION, DataType.FLOAT, cells, 1);
    SDVariable featureScale = graph.placeHolder(FEATURE_SCALE, DataType.FLOAT);
    SDVariable gramScale = graph.placeHolder(GRAM_SCALE, DataType.FLOAT);
    SDVariable features = codec.network(graph).encode(image, size).code().reshape(cells, channels);
    SDVariable inside = features.mul(region);
    SDVariable difference = features.sub(wanted);
    SDVariable gramDifference = inside.permute(1, 0).mmul(inside).sub(gram);
    SDVariable loss =
        difference
            .mul(difference)
            .sum()
            .mul(featureScale)
            .add(gramDifference.mul(gramDifference).sum().mul(gramScale));
    graph.setLossVariables(loss);
    QuietGradients.create(graph, IMAGE);
    return codec.owned(graph);
  }

  @Override
  public void close() {
    graphs.close();
  }
}

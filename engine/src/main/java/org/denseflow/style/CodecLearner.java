package org.denseflow.style;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a decoder for a given encoder, with the links of SAM-Net (Eq. 10) and without matching:
 * SAM-Net's training is then spared what an image looks like. Without a decoder in the weight file
 * it starts from random numbers.
 */
public final class CodecLearner implements Learner {
  private final CodecParameters parameters;
  private final StyleWeights weights;
  private final Size pixels;

  /**
   * Makes a learner.
   *
   * @param width of images in pixels
   * @param height of images in pixels
   * @param codec weight file of the encoder, with a decoder or without
   * @throws IllegalArgumentException if a side is no multiple of the encoder's stride
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public CodecLearner(CodecParameters parameters, int width, int height, Path codec) {
    this.parameters = parameters;
    this.weights = StyleWeights.read(codec);
    this.pixels = size(width, height, weights);
  }

  /**
   * The size of images.
   *
   * @throws IllegalArgumentException if a side is no multiple of the encoder's stride
   */
  public static Size size(int width, int height, StyleWeights encoder) {
    int stride = encoder.shape().stride();

    if (width % stride != 0 || height % stride != 0) {
      throw new IllegalArgumentException(
          "Invalid image size: sides must be multiples of %d for this encoder, found %dx%d"
              .formatted(stride, width, height));
    }

    return new Size(width, height);
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input("source", DataType.FLOAT16, pixels.height(), pixels.width(), 3),
        new Input("target", DataType.FLOAT16, pixels.height(), pixels.width(), 3),
        new Input("links", DataType.FLOAT, links()));
  }

  private int links() {
    return 2 * weights.shape().links();
  }

  @Override
  public String exampleKind() {
    return "codec %dx%d, %d links of %s"
        .formatted(pixels.width(), pixels.height(), links(), parameters.droplink());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    return Map.of(
        "source", pixels(pair.source()),
        "target", pixels(pair.target()),
        "links", links(pair.id(), links(), parameters.droplink()));
  }

  private INDArray pixels(RgbImage image) {
    return NativeArrays.cast(pixels(image, pixels), DataType.FLOAT16);
  }

  /** A resized image, {@code [1, height, width, 3]}, 0..1. */
  public static INDArray pixels(RgbImage image, Size size) {
    float[] values = Resize.toFloat(image, size.width(), size.height()).values();
    return Nd4j.create(values, new long[] {1, size.height(), size.width(), 3}, 'c').divi(255);
  }

  /**
   * b of Eq. 10, drawn once for each pair, from its name, so that a training can be repeated.
   *
   * @return {@code [1, count]}
   */
  public static INDArray links(String pair, int count, double probability) {
    Random random = new Random(pair.hashCode());
    float[] drawn = new float[count];

    for (int i = 0; i < count; i++) {
      drawn[i] = random.nextDouble() < probability ? 1 : 0;
    }

    return Nd4j.create(drawn, new long[] {1, count}, 'c');
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new CodecGraph(parameters, weights.shape(), pixels, mode, type)
        .build(weights.arrays(seed));
  }

  @Override
  public Map<String, String> modelMetadata() {
    return Map.of("denseflow.system", "codec");
  }

  @Override
  public void close() {
    // the graphs belong to the trainer
  }
}

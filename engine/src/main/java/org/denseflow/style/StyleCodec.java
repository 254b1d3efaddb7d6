package org.denseflow.style;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.denseflow.graph.GridSize;
import org.denseflow.image.RgbImage;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns images into features of VGG-19 and features into images, by the networks of a weight file.
 * Used by one thread at a time.
 */
public final class StyleCodec {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  /** Of an image, in pixels. */
  public record Size(int width, int height) {}

  private final String digest;
  private final StyleShape shape;
  private final Map<String, INDArray> weights = new HashMap<>();
  private final Map<Size, SameDiff> encoders = new HashMap<>();
  private final Map<Size, SameDiff> decoders = new HashMap<>();

  /**
   * Reads the weights.
   *
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public StyleCodec(Path file) {
    StyleWeights read = StyleWeights.read(file).requireDecoder();
    this.digest = read.digest();
    this.shape = read.shape();
    read.arrays(0)
        .forEach(
            (name, tensor) ->
                weights.put(
                    name, tensor.rank() == 4 ? tensor.permute(2, 3, 1, 0).dup('c') : tensor));
  }

  /** Of the weight file. */
  public String digest() {
    return digest;
  }

  /** How far down its features are. */
  public StyleShape shape() {
    return shape;
  }

  /**
   * The size that an image is worked on at: its longer side is at most so many pixels, both are
   * multiples of the stride.
   */
  public Size workingSize(RgbImage image, int longest) {
    double scale = Math.min(1, (double) longest / Math.max(image.width(), image.height()));
    return new Size(side(image.width() * scale, longest), side(image.height() * scale, longest));
  }

  private int side(double pixels, int longest) {
    int stride = shape.stride();
    int largest = Math.max(2, longest / stride);
    return stride * (int) Math.max(2, Math.min(largest, Math.round(pixels / stride)));
  }

  /**
   * Features of an image that is resized first.
   *
   * @param size multiples of the stride
   */
  public StyleFeatures encode(RgbImage image, Size size) {
    GridSize pixels = new GridSize(size.height(), size.width());
    INDArray input = CodecLearner.pixels(image, pixels);
    SameDiff graph = encoders.computeIfAbsent(size, this::encoder);
    float[] values = run(graph, input);
    int stride = shape.stride();
    return new StyleFeatures(
        size.height() / stride, size.width() / stride, shape.channels(), values);
  }

  /** The image of features, wider and higher by the stride. */
  public RgbImage decode(StyleFeatures features) {
    int height = shape.stride() * features.height();
    int width = shape.stride() * features.width();
    INDArray input =
        Nd4j.create(
            features.values(),
            new long[] {1, features.height(), features.width(), features.channels()},
            'c');
    SameDiff graph = decoders.computeIfAbsent(new Size(width, height), this::decoder);
    float[] values = run(graph, input);
    return image(width, height, values);
  }

  /**
   * An image of a decoder's values.
   *
   * @param values {@code [height, width, 3]}, 0..1; what lies beyond is clipped
   */
  public static RgbImage image(int width, int height, float[] values) {
    byte[] pixels = new byte[values.length];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[i])));
    }

    return new RgbImage(width, height, pixels);
  }

  private static float[] run(SameDiff graph, INDArray input) {
    try (input;
        INDArray output = graph.outputSingle(Map.of(INPUT, input), OUTPUT);
        INDArray ordered = output.dup('c')) {
      return ordered.data().asFloat();
    }
  }

  private SameDiff encoder(Size size) {
    SameDiff graph = SameDiff.create();
    SDVariable input = graph.placeHolder(INPUT, DataType.FLOAT, 1, size.height(), size.width(), 3);
    network(graph).encode(input, size.height(), size.width()).code().rename(OUTPUT);
    return graph;
  }

  private SameDiff decoder(Size size) {
    int stride = shape.stride();
    SameDiff graph = SameDiff.create();
    SDVariable input =
        graph.placeHolder(
            INPUT,
            DataType.FLOAT,
            1,
            size.height() / stride,
            size.width() / stride,
            shape.channels());
    network(graph)
        .decode(input, size.height(), size.width(), StyleNetwork.Link.NONE)
        .rename(OUTPUT);
    return graph;
  }

  /** The networks as part of a graph, with the file's weights as its constants. */
  StyleNetwork network(SameDiff graph) {
    Map<String, SDVariable> variables = new HashMap<>();
    weights.forEach((name, tensor) -> variables.put(name, graph.constant(name, tensor)));
    return new StyleNetwork(graph, shape, variables);
  }
}

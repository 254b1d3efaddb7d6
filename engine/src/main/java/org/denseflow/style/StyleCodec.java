package org.denseflow.style;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphCache;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.weights.KernelLayout;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns images into features of VGG-19 and features into images, by the networks of a weight file.
 * Used by one thread at a time.
 */
public final class StyleCodec implements AutoCloseable {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  private final String digest;
  private final StyleShape shape;
  private final Map<String, INDArray> weights = new HashMap<>();
  private final GraphCache<Size> encoders = new GraphCache<>(this::encoder);
  private final GraphCache<Size> decoders = new GraphCache<>(this::decoder);

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
        .forEach((name, tensor) -> weights.put(name, tensor.rank() == 4 ? kernel(tensor) : tensor));
  }

  /** {@code [kH, kW, in, out]}; frees the given {@code [out, in, kH, kW]}. */
  private static INDArray kernel(INDArray tensor) {
    try (tensor) {
      return tensor.permute(KernelLayout.applied()).dup('c');
    }
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
   * The size that an image is worked on at: its longer side is at most {@code longest} pixels, both
   * are multiples of the stride.
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
    INDArray input = CodecLearner.pixels(image, size);
    float[] values = run(encoders.get(size), input);
    return new StyleFeatures(size.over(shape.stride()), shape.channels(), values);
  }

  /** The image of features, wider and higher by the stride. */
  public RgbImage decode(StyleFeatures features) {
    Size size = features.grid().times(shape.stride());
    INDArray input =
        Nd4j.create(
            features.values(),
            new long[] {1, features.height(), features.width(), features.channels()},
            'c');
    return image(size, run(decoders.get(size), input));
  }

  /**
   * An image of a decoder's values.
   *
   * @param values {@code [height, width, 3]}, 0..1; what lies beyond is clipped
   */
  public static RgbImage image(Size size, float[] values) {
    byte[] pixels = new byte[values.length];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, values[i])));
    }

    return new RgbImage(size.width(), size.height(), pixels);
  }

  private static float[] run(OwnedGraph graph, INDArray input) {
    try (input) {
      return NativeArrays.values(graph.output(Map.of(INPUT, input), OUTPUT));
    }
  }

  private OwnedGraph encoder(Size size) {
    SameDiff graph = OwnedGraph.empty();
    SDVariable input = graph.placeHolder(INPUT, DataType.FLOAT, 1, size.height(), size.width(), 3);
    network(graph).encode(input, size).code().rename(OUTPUT);
    return owned(graph);
  }

  private OwnedGraph decoder(Size size) {
    Size grid = size.over(shape.stride());
    SameDiff graph = OwnedGraph.empty();
    SDVariable input =
        graph.placeHolder(INPUT, DataType.FLOAT, 1, grid.height(), grid.width(), shape.channels());
    network(graph).decode(input, size, StyleNetwork.Link.NONE).rename(OUTPUT);
    return owned(graph);
  }

  /** A graph that {@link #network} is part of; the weights stay when it is closed. */
  OwnedGraph owned(SameDiff graph) {
    return new OwnedGraph(graph, weights.values());
  }

  /** The networks as part of a graph, with the file's weights as its constants. */
  StyleNetwork network(SameDiff graph) {
    Map<String, SDVariable> variables = new HashMap<>();
    weights.forEach((name, tensor) -> variables.put(name, graph.constant(name, tensor)));
    return new StyleNetwork(graph, shape, variables);
  }

  @Override
  public void close() {
    encoders.close();
    decoders.close();
    NativeArrays.close(weights.values());
  }
}

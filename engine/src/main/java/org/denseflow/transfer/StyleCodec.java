package org.denseflow.transfer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns images into features of VGG-19's relu3_1 and features into images, from a weight file with
 * the tensors {@code encoder.*} and {@code decoder.*}. Used by one thread at a time.
 */
public final class StyleCodec {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  /** Of an image, in pixels. */
  public record Size(int width, int height) {}

  private final String digest;
  private final Map<String, INDArray> weights = new HashMap<>();
  private final Map<Size, SameDiff> encoders = new HashMap<>();
  private final Map<Size, SameDiff> decoders = new HashMap<>();

  /**
   * Reads the weights.
   *
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public StyleCodec(Path file) {
    this.digest = WeightFile.read(file).digest();
    tensors(file)
        .forEach(
            (name, tensor) ->
                weights.put(
                    name, tensor.rank() == 4 ? tensor.permute(2, 3, 1, 0).dup('c') : tensor));
  }

  /**
   * Checks a weight file.
   *
   * @return its digest
   * @throws org.denseflow.weights.WeightException if it does not fit
   */
  public static String validate(Path file) {
    WeightMap map = WeightFile.read(file);
    map.requireAll(StyleNetwork.tensors());
    return map.digest();
  }

  /**
   * The tensors of a weight file, kernels {@code [out, in, kH, kW]}.
   *
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public static Map<String, INDArray> tensors(Path file) {
    WeightMap map = WeightFile.read(file);
    map.requireAll(StyleNetwork.tensors());
    Map<String, INDArray> tensors = new HashMap<>();
    StyleNetwork.tensors()
        .forEach(
            (name, shape) ->
                tensors.put(
                    name,
                    Nd4j.createFromArray(map.take(name, shape).values()).reshape('c', shape)));
    return tensors;
  }

  /** Of the weight file. */
  public String digest() {
    return digest;
  }

  /**
   * The size that an image is worked on at: its longer side is at most so many pixels, both are
   * multiples of 4.
   */
  public static Size workingSize(RgbImage image, int longest) {
    double scale = Math.min(1, (double) longest / Math.max(image.width(), image.height()));
    return new Size(side(image.width() * scale, longest), side(image.height() * scale, longest));
  }

  private static int side(double pixels, int longest) {
    int stride = StyleNetwork.STRIDE;
    int largest = Math.max(2, longest / stride);
    return stride * (int) Math.max(2, Math.min(largest, Math.round(pixels / stride)));
  }

  /**
   * Features of an image that is resized first.
   *
   * @param size multiples of 4
   */
  public StyleFeatures encode(RgbImage image, Size size) {
    FloatImage resized = Resize.toFloat(image, size.width(), size.height());
    INDArray input =
        Nd4j.createFromArray(resized.values())
            .reshape('c', 1, size.height(), size.width(), 3)
            .divi(255);
    SameDiff graph = encoders.computeIfAbsent(size, this::encoder);
    float[] values = run(graph, input);
    int stride = StyleNetwork.STRIDE;
    return new StyleFeatures(
        size.height() / stride, size.width() / stride, StyleNetwork.CHANNELS, values);
  }

  /** The image of features, four times as wide and high. */
  public RgbImage decode(StyleFeatures features) {
    int height = StyleNetwork.STRIDE * features.height();
    int width = StyleNetwork.STRIDE * features.width();
    INDArray input =
        Nd4j.createFromArray(features.values())
            .reshape('c', 1, features.height(), features.width(), features.channels());
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
    INDArray output = graph.outputSingle(Map.of(INPUT, input), OUTPUT);
    float[] values = output.dup('c').data().asFloat();
    input.close();
    output.close();
    return values;
  }

  private SameDiff encoder(Size size) {
    SameDiff graph = SameDiff.create();
    SDVariable input = graph.placeHolder(INPUT, DataType.FLOAT, 1, size.height(), size.width(), 3);
    network(graph).encode(input, size.height(), size.width()).code().rename(OUTPUT);
    return graph;
  }

  private SameDiff decoder(Size size) {
    int stride = StyleNetwork.STRIDE;
    SameDiff graph = SameDiff.create();
    SDVariable input =
        graph.placeHolder(
            INPUT,
            DataType.FLOAT,
            1,
            size.height() / stride,
            size.width() / stride,
            StyleNetwork.CHANNELS);
    network(graph)
        .decode(input, size.height(), size.width(), StyleNetwork.Link.NONE)
        .rename(OUTPUT);
    return graph;
  }

  /** The networks as part of a graph, with the file's weights as its constants. */
  StyleNetwork network(SameDiff graph) {
    Map<String, SDVariable> variables = new HashMap<>();
    weights.forEach((name, tensor) -> variables.put(name, graph.constant(name, tensor)));
    return new StyleNetwork(graph, variables);
  }
}

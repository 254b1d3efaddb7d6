package org.denseflow.transfer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.training.MaxPooling;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/**
 * VGG-19 to relu3_1 and the decoder that mirrors it (SAM-Net, Section 4.2, attribute transfer
 * networks), as a graph: convolutions of 3x3 behind a border of mirrored pixels, max-pooling on the
 * way in, doubled pixels on the way out. Each operation has a gradient.
 */
public final class StyleNetwork {
  /** Sides of images are multiples of it; features have one cell for so many pixels. */
  public static final int STRIDE = 4;

  /** Of relu3_1. */
  public static final int CHANNELS = 256;

  /** Levels above relu3_1 that a decoder can be linked to: relu1_2 and relu2_2. */
  public static final int LINKS = 2;

  /** Begins the names of the decoder's tensors. */
  public static final String DECODER = "decoder.";

  private static final String COLOUR = "encoder.colour";

  private final SameDiff graph;
  private final Map<String, SDVariable> tensors;

  /**
   * A convolution of the network.
   *
   * @param name of its tensors, without {@code .weight} and {@code .bias}
   */
  record Layer(String name, int kernel, int in, int out) {}

  /**
   * Features of an image.
   *
   * @param fine relu1_2, {@code [batch, height, width, 64]}
   * @param middle relu2_2, {@code [batch, height / 2, width / 2, 128]}
   * @param code relu3_1, {@code [batch, height / 4, width / 4, 256]}
   */
  public record Levels(SDVariable fine, SDVariable middle, SDVariable code) {}

  /** What becomes of the decoder's features at a level. */
  public interface Link {
    /** Leaves them alone. */
    Link NONE = (level, features) -> features;

    /**
     * Changes them.
     *
     * @param level 0 for those of relu1_2's size, 1 for relu2_2's
     */
    SDVariable apply(int level, SDVariable features);
  }

  /** All convolutions. */
  static List<Layer> layers() {
    return List.of(
        new Layer(COLOUR, 1, 3, 3),
        new Layer("encoder.conv1_1", 3, 3, 64),
        new Layer("encoder.conv1_2", 3, 64, 64),
        new Layer("encoder.conv2_1", 3, 64, 128),
        new Layer("encoder.conv2_2", 3, 128, 128),
        new Layer("encoder.conv3_1", 3, 128, CHANNELS),
        new Layer("decoder.conv3_1", 3, CHANNELS, 128),
        new Layer("decoder.conv2_2", 3, 128, 128),
        new Layer("decoder.conv2_1", 3, 128, 64),
        new Layer("decoder.conv1_2", 3, 64, 64),
        new Layer("decoder.conv1_1", 3, 64, 3));
  }

  /** The shapes of a weight file's tensors, {@code [out, in, kH, kW]}. */
  public static Map<String, int[]> tensors() {
    Map<String, int[]> tensors = new LinkedHashMap<>();

    for (Layer layer : layers()) {
      int side = layer.kernel();
      tensors.put(layer.name() + ".weight", new int[] {layer.out(), layer.in(), side, side});
      tensors.put(layer.name() + ".bias", new int[] {layer.out()});
    }

    return tensors;
  }

  /**
   * Uses tensors of a graph.
   *
   * @param tensors by name, kernels {@code [kH, kW, in, out]}
   */
  public StyleNetwork(SameDiff graph, Map<String, SDVariable> tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  /**
   * Features of an image.
   *
   * @param image {@code [batch, height, width, 3]}, red, green, blue, 0..1
   */
  public Levels encode(SDVariable image, int height, int width) {
    SDVariable x = convolve(COLOUR, image);
    x = rectified("encoder.conv1_1", x, height, width);
    SDVariable fine = rectified("encoder.conv1_2", x, height, width);
    x = rectified("encoder.conv2_1", MaxPooling.halved(fine), height / 2, width / 2);
    SDVariable middle = rectified("encoder.conv2_2", x, height / 2, width / 2);
    SDVariable code =
        rectified("encoder.conv3_1", MaxPooling.halved(middle), height / STRIDE, width / STRIDE);
    return new Levels(fine, middle, code);
  }

  /**
   * The image of features.
   *
   * @param features {@code [batch, height / 4, width / 4, 256]}
   * @param height of the image
   * @param width of the image
   * @param link where the decoder's features are mixed with others
   * @return {@code [batch, height, width, 3]}, about 0..1
   */
  public SDVariable decode(SDVariable features, int height, int width, Link link) {
    SDVariable x = rectified("decoder.conv3_1", features, height / STRIDE, width / STRIDE);
    x = link.apply(1, doubled(x, height / STRIDE, width / STRIDE, 128));
    x = rectified("decoder.conv2_2", x, height / 2, width / 2);
    x = rectified("decoder.conv2_1", x, height / 2, width / 2);
    x = link.apply(0, doubled(x, height / 2, width / 2, 64));
    x = rectified("decoder.conv1_2", x, height, width);
    return convolve("decoder.conv1_1", mirrored(x, height, width));
  }

  private SDVariable rectified(String layer, SDVariable x, int height, int width) {
    return graph.nn().relu(convolve(layer, mirrored(x, height, width)), 0);
  }

  private SDVariable convolve(String layer, SDVariable x) {
    SDVariable weight = tensors.get(layer + ".weight");
    int side = layer.equals(COLOUR) ? 1 : 3;
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(side)
            .kW(side)
            .paddingMode(PaddingMode.VALID)
            .dataFormat("NHWC")
            .build();
    return graph.cnn().conv2d(x, weight, tensors.get(layer + ".bias"), config);
  }

  /** One more row and column on each side, those next to the border once more. */
  private SDVariable mirrored(SDVariable x, int height, int width) {
    SDVariable tall =
        graph.concat(
            1,
            x.get(SDIndex.all(), SDIndex.interval(1, 2)),
            x,
            x.get(SDIndex.all(), SDIndex.interval(height - 2, height - 1)));
    return graph.concat(
        2,
        tall.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(1, 2)),
        tall,
        tall.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(width - 2, width - 1)));
  }

  /** Each pixel four times; SameDiff's own up-sampling has no right gradient in this layout. */
  private SDVariable doubled(SDVariable x, int height, int width, int channels) {
    SDVariable wide = graph.concat(3, x, x).reshape(-1, height, 2L * width * channels);
    return graph.concat(2, wide, wide).reshape(-1, 2L * height, 2L * width, channels);
  }
}

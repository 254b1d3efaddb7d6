package org.denseflow.style;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.geometry.Size;
import org.denseflow.graph.MaxPooling;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/**
 * VGG-19 to the depth of a {@link StyleShape} and the decoder that mirrors it (SAM-Net, Section
 * 4.2, attribute transfer networks), as a graph: convolutions of 3x3 behind a border of mirrored
 * pixels, max-pooling on the way in, doubled pixels on the way out. Each operation has a gradient.
 */
public final class StyleNetwork {
  private final SameDiff graph;
  private final StyleShape shape;
  private final Map<String, SDVariable> tensors;

  /**
   * Features of an image.
   *
   * @param linked of each level that a decoder can be linked to, the finest first: {@code [batch,
   *     height / 2^level, width / 2^level, channels]}
   * @param code the deepest, {@code [batch, height / stride, width / stride, channels]}
   */
  public record Levels(List<SDVariable> linked, SDVariable code) {

    /** Copies the list. */
    public Levels {
      linked = List.copyOf(linked);
    }
  }

  /** Changes the decoder's features at a level. */
  public interface Link {
    /** Leaves them unchanged. */
    Link NONE = (level, features) -> features;

    /**
     * Changes them.
     *
     * @param level 0 for those of relu1_2's size, 1 for relu2_2's, 2 for relu3_4's
     */
    SDVariable apply(int level, SDVariable features);
  }

  /**
   * Uses tensors of a graph.
   *
   * @param tensors by name, kernels {@code [kH, kW, in, out]}
   */
  public StyleNetwork(SameDiff graph, StyleShape shape, Map<String, SDVariable> tensors) {
    this.graph = graph;
    this.shape = shape;
    this.tensors = tensors;
  }

  /**
   * Features of an image.
   *
   * @param image {@code [batch, height, width, 3]}, red, green, blue, 0..1
   */
  public Levels encode(SDVariable image, Size size) {
    SDVariable x = convolve(StyleShape.COLOUR, image, 1);
    List<SDVariable> linked = new ArrayList<>();

    for (int stage = 0; stage < shape.stages(); stage++) {
      if (stage > 0) {
        linked.add(x);
        x = MaxPooling.halved(x);
      }

      for (StyleShape.Layer layer : shape.encoder(stage)) {
        x = rectified(layer.name(), x, size.over(1 << stage));
      }
    }

    return new Levels(linked, x);
  }

  /**
   * The image of features.
   *
   * @param features {@code [batch, height / stride, width / stride, channels]}
   * @param size of the image
   * @param link where the decoder's features are mixed with others
   * @return {@code [batch, height, width, 3]}, about 0..1
   */
  public SDVariable decode(SDVariable features, Size size, Link link) {
    SDVariable x = features;

    for (int stage = shape.stages() - 1; stage > 0; stage--) {
      Size grid = size.over(1 << stage);

      for (StyleShape.Layer layer : shape.decoder(stage)) {
        x = rectified(layer.name(), x, grid);
      }

      x = doubled(x, grid, shape.linked(stage - 1));
      x = link.apply(stage - 1, x);
    }

    List<StyleShape.Layer> last = shape.decoder(0);
    x = rectified(last.get(0).name(), x, size);
    return convolve(last.get(1).name(), mirrored(x, size), last.get(1).kernel());
  }

  private SDVariable rectified(String layer, SDVariable x, Size grid) {
    return graph.nn().relu(convolve(layer, mirrored(x, grid), 3), 0);
  }

  private SDVariable convolve(String layer, SDVariable x, int side) {
    SDVariable weight = tensors.get(layer + ".weight");
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
  private SDVariable mirrored(SDVariable x, Size grid) {
    int height = grid.height();
    int width = grid.width();
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
  private SDVariable doubled(SDVariable x, Size grid, int channels) {
    SDVariable wide =
        graph.concat(3, x, x).reshape(-1, grid.height(), 2L * grid.width() * channels);
    return graph.concat(2, wide, wide).reshape(-1, 2L * grid.height(), 2L * grid.width(), channels);
  }
}

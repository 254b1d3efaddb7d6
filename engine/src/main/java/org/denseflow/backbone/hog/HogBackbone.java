package org.denseflow.backbone.hog;

import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;

/**
 * Histograms of oriented gradients (Dalal and Triggs, CVPR 2005) as a feature map of stride 16: no
 * weights, no network. Cells of 8 pixels with 9 unsigned and 18 signed orientations, each cell
 * normalised by its four blocks and truncated at 0.2 (Felzenszwalb et al., PAMI 2010), {@value
 * HogCells#CHANNELS} channels; a grid cell's feature is the {@value #WINDOW} x {@value #WINDOW}
 * cells around its centre side by side (our choice), zero beyond the border.
 */
public final class HogBackbone implements Backbone {
  static final String NAME = "hog";

  /** Padding, which other backbones see nothing in, has the same colour here. */
  static final BackboneInfo INFO =
      new BackboneInfo(
          NAME,
          List.of(new Tap(NAME, 16)),
          NAME,
          BackboneInfo.Weights.NONE,
          Preprocessing.uniform(1, 0, Preprocessing.Channels.RGB),
          1,
          Preprocessing.IMAGENET.neutral(),
          1,
          BackboneInfo.Regions.GRADIENTS);

  private static final int CELL = 8;
  private static final int STRIDE = 16;
  private static final int WINDOW = 6;

  @Override
  public BackboneInfo info() {
    return INFO;
  }

  @Override
  public String weightDigest() {
    return NO_WEIGHTS;
  }

  @Override
  public List<String> taps() {
    return List.of(NAME);
  }

  @Override
  public List<List<FeatureMap>> extract(List<FloatImage> images) {
    return CloseableLists.of(images, HogBackbone::describe).stream().map(List::of).toList();
  }

  @Override
  public void close() {}

  private static FeatureMap describe(FloatImage image) {
    if (image.width() < STRIDE || image.height() < STRIDE) {
      throw new IllegalArgumentException(
          "Cannot compute HOG: the working size %dx%d is smaller than one cell of 16x16"
              .formatted(image.width(), image.height()));
    }

    HogCells cells = HogCells.of(image, CELL);
    int width = image.width() / STRIDE;
    int height = image.height() / STRIDE;
    int channels = WINDOW * WINDOW * HogCells.CHANNELS;
    float[] values = new float[height * width * channels];
    int before = (WINDOW - STRIDE / CELL) / 2;

    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int to = (row * width + column) * channels;

        for (int wy = 0; wy < WINDOW; wy++) {
          for (int wx = 0; wx < WINDOW; wx++, to += HogCells.CHANNELS) {
            cells.copy(
                column * (STRIDE / CELL) - before + wx,
                row * (STRIDE / CELL) - before + wy,
                values,
                to);
          }
        }
      }
    }

    return FeatureMap.of(NAME, new Size(width, height), channels, values);
  }
}

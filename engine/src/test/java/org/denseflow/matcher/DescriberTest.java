package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Images of 4x4 blocks of a colour each, and a backbone whose cells are the blocks' colours. */
class DescriberTest {
  private static final int BLOCK = 8;

  private final List<FeatureMap> made = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();

  /** With a ring of padding around the image, cells are those of the image all the same. */
  @Test
  void cellsLieWhereTheyLayBeforePadding() {
    for (int padding : new int[] {0, BLOCK, 2 * BLOCK}) {
      CellFeatures features = describe(size(padding, WorkingSize.Ring.BEFORE), blocks(32));
      FeatureMap map = features.maps().get(0);
      assertThat(List.of(map.width(), map.height())).isEqualTo(List.of(4, 4));

      for (int i = 0; i < 16; i++) {
        assertCell(map, i, color(i % 4, i / 4));
      }
    }
  }

  @Test
  void aRingThatIsMatchedHasTheColourOfThePadding() {
    CellFeatures features = describe(size(BLOCK, WorkingSize.Ring.AFTER), blocks(32));
    FeatureMap map = features.maps().get(0);
    assertThat(map.width()).isEqualTo(6);

    for (int i = 0; i < 36; i++) {
      int column = i % 6 - 1;
      int row = i / 6 - 1;
      boolean inside = column >= 0 && row >= 0 && column < 4 && row < 4;
      // ImageNet's mean
      double[] expected = inside ? color(column, row) : new double[] {123.675, 116.28, 103.53};
      assertCell(map, i, expected);
    }
  }

  /** A block of 16x16 pixels becomes one of 8x8: its inner cells keep its colour. */
  @Test
  void sizesAreThoseOfTheImageAndCellsThoseOfTheWorkingSize() {
    CellFeatures features = describe(size(0, WorkingSize.Ring.BEFORE), blocks(64));
    assertThat(features.size()).isEqualTo(new Size(64, 64));
    assertThat(features.maps().get(0).cells()).isEqualTo(16);
  }

  @Test
  void imagesGoThroughTheBackboneInBatchesAndItsMapsAreFreed() {
    try (Describer describer = new Describer(size(0, WorkingSize.Ring.BEFORE), new Blocks(2))) {
      List<CellFeatures> all = describer.describe(List.of(blocks(32), blocks(48), blocks(64)));
      assertThat(all).extracting(image -> image.size().width()).containsExactly(32, 48, 64);
      all.forEach(CellFeatures::close);
    }

    assertThat(batches).containsExactly(2, 1);
    assertThat(made).hasSize(3).allMatch(map -> map.values().wasClosed());
  }

  @Test
  void paddingThatMakesNoWholeCellsIsRefused() {
    WorkingSize size =
        new WorkingSize(
            32, 32, Optional.of(4), Optional.empty(), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> describe(size, blocks(32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it makes 0.50 cells at tap blocks");
    assertThat(made).allMatch(map -> map.values().wasClosed());
  }

  private CellFeatures describe(WorkingSize size, RgbImage image) {
    try (Describer describer = new Describer(size, new Blocks(1))) {
      return describer.describe(List.of(image)).get(0);
    }
  }

  private static void assertCell(FeatureMap map, int cell, double[] color) {
    double norm = Math.sqrt(color[0] * color[0] + color[1] * color[1] + color[2] * color[2]);

    for (int c = 0; c < 3; c++) {
      assertThat(map.values().getDouble(cell, c)).isCloseTo(color[c] / norm, within(1e-5));
    }
  }

  private static double[] color(int column, int row) {
    return new double[] {40 + 50 * column, 40 + 50 * row, 90};
  }

  /** An image of this side. */
  private static RgbImage blocks(int side) {
    byte[] pixels = new byte[3 * side * side];

    for (int i = 0; i < pixels.length; i++) {
      double[] color = color(i / 3 % side * 4 / side, i / 3 / side * 4 / side);
      pixels[i] = (byte) (int) color[i % 3];
    }

    return new RgbImage(side, side, pixels);
  }

  private static WorkingSize size(int padding, WorkingSize.Ring ring) {
    return new WorkingSize(
        32,
        32,
        Optional.of(padding),
        Optional.of(WorkingSize.Border.MEAN),
        Optional.of(ring),
        Optional.empty());
  }

  /** The colour in the middle of each block of 8x8 pixels. */
  private final class Blocks implements Backbone {
    private final int batchSize;

    private Blocks(int batchSize) {
      this.batchSize = batchSize;
    }

    @Override
    public BackboneInfo info() {
      return new BackboneInfo(
          "blocks",
          List.of(new Tap("blocks", BLOCK)),
          "blocks",
          BackboneInfo.Weights.NONE,
          Preprocessing.IMAGENET,
          1,
          Preprocessing.IMAGENET.neutral(),
          batchSize,
          BackboneInfo.Regions.POOLED);
    }

    @Override
    public String weightDigest() {
      return "none";
    }

    @Override
    public List<String> taps() {
      return List.of(name());
    }

    @Override
    public List<List<FeatureMap>> extract(List<FloatImage> images) {
      batches.add(images.size());
      return images.stream().map(image -> List.of(map(image))).toList();
    }

    private FeatureMap map(FloatImage image) {
      int height = image.height() / BLOCK;
      int width = image.width() / BLOCK;
      float[] values = new float[3 * height * width];

      for (int i = 0; i < values.length; i++) {
        int x = i / 3 % width * BLOCK + BLOCK / 2;
        int y = i / 3 / width * BLOCK + BLOCK / 2;
        values[i] = image.values()[3 * (y * image.width() + x) + i % 3];
      }

      FeatureMap map =
          new FeatureMap(
              name(),
              new Size(width, height),
              3,
              Nd4j.create(values, new long[] {(long) height * width, 3}, 'c'));
      made.add(map);
      return map;
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}

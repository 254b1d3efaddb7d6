package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.geometry.Size;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Two taps of a padded image, of 6x6 and of 3x3 cells. */
class FeatureMapsTest {
  private static final int CHANNELS = 3;

  @ParameterizedTest
  @EnumSource
  void theCoarseTapIsReadWhereTheGridsAgree(Corners corners) {
    float[] coarse = values(3);
    List<FeatureMap> maps =
        FeatureMaps.ofOneGrid(
            List.of(map("fine", 6, values(6)), map("coarse", 3, coarse)),
            size(WorkingSize.Ring.AFTER),
            corners);
    INDArray result = maps.get(1).values();

    for (int i = 0; i < 36; i++) {
      double x = corners == Corners.ALIGNED ? i % 6 * 2.0 / 5 : (i % 6 + 0.5) / 2 - 0.5;
      double y = corners == Corners.ALIGNED ? i / 6 * 2.0 / 5 : (i / 6 + 0.5) / 2 - 0.5;
      double[] expected = normalised(read(coarse, x, y));

      for (int c = 0; c < CHANNELS; c++) {
        assertThat(result.getDouble(i, c)).isCloseTo(expected[c], within(1e-6));
      }
    }
  }

  @Test
  void theRingStaysOrGoesAsTheSizeSays() {
    assertThat(grid(WorkingSize.Ring.BEFORE)).isEqualTo(4);
    assertThat(grid(WorkingSize.Ring.AFTER)).isEqualTo(6);
  }

  @Test
  void paddingHasTheBordersColour() {
    RgbImage image = new RgbImage(32, 32, new byte[3 * 32 * 32]);
    java.util.Arrays.fill(image.pixels(), (byte) 200);
    FloatImage padded = size(WorkingSize.Ring.AFTER).of(image, Preprocessing.IMAGENET.neutral());

    assertThat(padded.width()).isEqualTo(48);
    assertThat(padded.values()[0]).isZero();
    assertThat(padded.values()[3 * (24 * 48 + 24)]).isEqualTo(200);
    FloatImage mean =
        new WorkingSize(
                32, 32, Optional.of(8), Optional.empty(), Optional.empty(), Optional.empty())
            .of(image, Preprocessing.IMAGENET.neutral());
    assertThat(mean.values()[0]).isCloseTo(0.485f * 255, within(1e-3f));
  }

  /** Between centres linear, beyond the outermost constant; not normalised again. */
  @Test
  void anotherGridIsReadBetweenCellCentres() {
    float[] coarse = values(3);
    FeatureMap wide = FeatureMaps.onGrid(map("coarse", 3, coarse), new Size(7, 5));
    assertThat(List.of(wide.height(), wide.width())).isEqualTo(List.of(5, 7));

    for (int i = 0; i < 35; i++) {
      double[] expected = read(coarse, (i % 7 + 0.5) * 3 / 7 - 0.5, (i / 7 + 0.5) * 3 / 5 - 0.5);

      for (int c = 0; c < CHANNELS; c++) {
        assertThat(wide.values().getDouble(i, c)).isCloseTo(expected[c], within(1e-6));
      }
    }

    FeatureMap same = map("coarse", 3, coarse);
    assertThat(FeatureMaps.onGrid(same, new Size(3, 3))).isSameAs(same);
  }

  /** The cosine of two cells is the mean of the taps' cosines. */
  @Test
  void tapsCountAlikeWhenTheyAreJoined() {
    List<FeatureMap> maps =
        FeatureMaps.ofOneGrid(
            List.of(map("fine", 6, values(6)), map("coarse", 3, values(3))),
            size(WorkingSize.Ring.AFTER),
            Corners.EDGES);
    INDArray joined = FeatureMaps.joined(maps);
    assertThat(joined.shape()).containsExactly(36, 2 * CHANNELS);

    for (int other = 0; other < 36; other++) {
      double mean = 0;

      for (FeatureMap map : maps) {
        mean += dot(map.values(), 5, other) / maps.size();
      }

      assertThat(dot(joined, 5, other)).isCloseTo(mean, within(1e-6));
    }
  }

  @Test
  void aCellWithoutFeaturesStaysZero() {
    float[] values = values(6);
    java.util.Arrays.fill(values, 0, CHANNELS, 0);
    INDArray result =
        FeatureMaps.ofOneGrid(
                List.of(map("fine", 6, values)), size(WorkingSize.Ring.AFTER), Corners.EDGES)
            .get(0)
            .values();
    assertThat(dot(result, 0, 0)).isZero();
    assertThat(dot(result, 1, 1)).isCloseTo(1, within(1e-6));
  }

  private static double dot(INDArray cells, int a, int b) {
    double sum = 0;

    for (int c = 0; c < cells.size(1); c++) {
      sum += cells.getDouble(a, c) * cells.getDouble(b, c);
    }

    return sum;
  }

  private static int grid(WorkingSize.Ring ring) {
    return FeatureMaps.ofOneGrid(List.of(map("fine", 6, values(6))), size(ring), Corners.EDGES)
        .get(0)
        .width();
  }

  private static double[] read(float[] values, double x, double y) {
    double[] sum = new double[CHANNELS];
    double column = Math.max(0, Math.min(2, x));
    double row = Math.max(0, Math.min(2, y));

    for (int i = 0; i < 9 * CHANNELS; i++) {
      int cell = i / CHANNELS;
      sum[i % CHANNELS] +=
          Math.max(0, 1 - Math.abs(column - cell % 3))
              * Math.max(0, 1 - Math.abs(row - cell / 3))
              * values[i];
    }

    return sum;
  }

  private static double[] normalised(double[] vector) {
    double norm = Math.sqrt(java.util.Arrays.stream(vector).map(v -> v * v).sum());
    return java.util.Arrays.stream(vector).map(v -> v / norm).toArray();
  }

  private static WorkingSize size(WorkingSize.Ring ring) {
    return new WorkingSize(
        32,
        32,
        Optional.of(8),
        Optional.of(WorkingSize.Border.BLACK),
        Optional.of(ring),
        Optional.of(WorkingSize.Resizing.EIGHT_BIT));
  }

  private static FeatureMap map(String tap, int side, float[] values) {
    return new FeatureMap(
        tap,
        new Size(side, side),
        CHANNELS,
        Nd4j.createFromArray(values).reshape(side * side, CHANNELS).dup('c'));
  }

  private static float[] values(int side) {
    Random random = new Random(side);
    float[] values = new float[side * side * CHANNELS];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    return values;
  }
}

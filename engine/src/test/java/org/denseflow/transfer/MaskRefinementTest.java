package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.metrics.MaskScores;
import org.denseflow.transfer.MaskParameters.Refinement;
import org.junit.jupiter.api.Test;

class MaskRefinementTest {
  private static final int SIDE = 40;

  /** A red disc on green with noise; the rough mask is a square. */
  @Test
  void bothRefinementsFollowTheDisc() {
    Mask disc = mask((x, y) -> Math.hypot(x - 20, y - 20) < 11);
    RgbImage image = image(disc);
    Coverage rough = rough();
    double before = MaskScores.iou(rough.mask(new Size(SIDE, SIDE)), disc);

    for (Refinement kind : new Refinement[] {Refinement.GUIDED_FILTER, Refinement.GRAB_CUT}) {
      Coverage refined = refinement(kind).refine(rough, image);
      double after = MaskScores.iou(refined.mask(new Size(SIDE, SIDE)), disc);
      assertThat(after).as(kind.toString()).isGreaterThan(before + 0.05);
    }

    Coverage cut = refinement(Refinement.GRAB_CUT).refine(rough, image);
    assertThat(MaskScores.iou(cut.mask(new Size(SIDE, SIDE)), disc)).isGreaterThan(0.95);
    assertThat(refinement(Refinement.NONE).refine(rough, image)).isSameAs(rough);
  }

  /** He et al., Eq. 10-11 and 14-15 for a grey guide, by sums over windows. */
  @Test
  void theGuidedFilterIsTheirs() {
    Random random = new Random(3);
    int radius = 4;
    double epsilon = 0.01;
    byte[] pixels = new byte[3 * SIDE * SIDE];
    double[] guide = new double[SIDE * SIDE];
    float[] share = new float[SIDE * SIDE];

    for (int i = 0; i < share.length; i++) {
      int value = random.nextInt(256);
      guide[i] = value / 255.0;
      share[i] = random.nextFloat();
      pixels[3 * i] = (byte) value;
    }

    Coverage found =
        refinement(Refinement.GUIDED_FILTER)
            .refine(new Coverage(SIDE, SIDE, share), new RgbImage(SIDE, SIDE, pixels));
    double[][] lines = new double[SIDE * SIDE][];

    for (int k = 0; k < lines.length; k++) {
      lines[k] = line(guide, share, k, radius, epsilon);
    }

    for (int y = 2 * radius; y < SIDE - 2 * radius; y++) {
      for (int x = 2 * radius; x < SIDE - 2 * radius; x++) {
        double a = 0;
        double b = 0;

        for (int j = -radius; j <= radius; j++) {
          for (int i = -radius; i <= radius; i++) {
            a += lines[(y + j) * SIDE + x + i][0];
            b += lines[(y + j) * SIDE + x + i][1];
          }
        }

        double count = (2 * radius + 1) * (2 * radius + 1);
        double expected = a / count * guide[y * SIDE + x] + b / count;
        assertThat((double) found.at(x, y))
            .isCloseTo(Math.max(0, Math.min(1, expected)), within(1e-4));
      }
    }
  }

  @Test
  void aMaskWithoutAnObjectStaysAsItIs() {
    Coverage empty = new Coverage(SIDE, SIDE, new float[SIDE * SIDE]);
    RgbImage image = image(mask((x, y) -> x > 20));
    assertThat(refinement(Refinement.GRAB_CUT).refine(empty, image).share()).containsOnly(0f);
  }

  @Test
  void sizesMustAgree() {
    Coverage mask = new Coverage(2, 3, new float[6]);
    assertThatThrownBy(() -> refinement(Refinement.NONE).refine(mask, image(mask((x, y) -> true))))
        .hasMessageContaining("2x3")
        .hasMessageContaining("40x40");
  }

  private static double[] line(double[] guide, float[] share, int k, int radius, double epsilon) {
    double n = 0;
    double i = 0;
    double ii = 0;
    double p = 0;
    double ip = 0;

    for (int y = Math.max(0, k / SIDE - radius); y <= Math.min(SIDE - 1, k / SIDE + radius); y++) {
      for (int x = Math.max(0, k % SIDE - radius);
          x <= Math.min(SIDE - 1, k % SIDE + radius);
          x++) {
        double value = guide[y * SIDE + x];
        double mask = share[y * SIDE + x];
        n++;
        i += value;
        ii += value * value;
        p += mask;
        ip += value * mask;
      }
    }

    double a = (ip / n - i / n * p / n) / (ii / n - i / n * i / n + epsilon);
    return new double[] {a, p / n - a * i / n};
  }

  private static MaskRefinement refinement(Refinement kind) {
    return new MaskRefinement(MaskParametersTest.with(1, 1, 1, kind));
  }

  /** Likely inside a square, doubtful around it. */
  private static Coverage rough() {
    float[] share = new float[SIDE * SIDE];

    for (int i = 0; i < share.length; i++) {
      int x = Math.abs(i % SIDE - 21);
      int y = Math.abs(i / SIDE - 19);
      share[i] = x < 10 && y < 10 ? 0.7f : x < 14 && y < 14 ? 0.3f : 0;
    }

    return new Coverage(SIDE, SIDE, share);
  }

  private interface Region {
    boolean holds(int x, int y);
  }

  private static Mask mask(Region region) {
    boolean[] inside = new boolean[SIDE * SIDE];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = region.holds(i % SIDE, i / SIDE);
    }

    return new Mask(SIDE, SIDE, inside);
  }

  private static RgbImage image(Mask object) {
    Random random = new Random(1);
    byte[] pixels = new byte[3 * SIDE * SIDE];

    for (int i = 0; i < object.inside().length; i++) {
      pixels[3 * i] = (byte) ((object.inside()[i] ? 200 : 40) + random.nextInt(30));
      pixels[3 * i + 1] = (byte) ((object.inside()[i] ? 40 : 160) + random.nextInt(30));
      pixels[3 * i + 2] = (byte) (60 + random.nextInt(30));
    }

    return new RgbImage(SIDE, SIDE, pixels);
  }
}

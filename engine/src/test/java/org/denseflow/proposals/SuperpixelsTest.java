package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.denseflow.image.FloatImage;
import org.junit.jupiter.api.Test;

class SuperpixelsTest {
  private static final int SIDE = 24;

  /** Left half of one grey, right half of another, with a small spot in the left half. */
  private static FloatImage image(float left, float right, float spot) {
    float[] values = new float[3 * SIDE * SIDE];

    for (int i = 0; i < values.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      boolean isSpot = x >= 4 && x < 6 && y >= 10 && y < 12;
      values[i] = isSpot ? spot : x < SIDE / 2 ? left : right;
    }

    return new FloatImage(SIDE, SIDE, values);
  }

  @Test
  void halvesOfDifferentGreyAreTwoSuperpixels() {
    Superpixels found = Superpixels.of(image(40, 200, 40), 20, 30);
    assertThat(found.count()).isEqualTo(2);

    for (int y = 0; y < SIDE; y++) {
      assertThat(found.labels()[y * SIDE]).isEqualTo(found.labels()[0]);
      assertThat(found.labels()[y * SIDE + SIDE - 1]).isEqualTo(found.labels()[SIDE - 1]);
    }

    assertThat(found.labels()[0]).isNotEqualTo(found.labels()[SIDE - 1]);
  }

  @Test
  void noSuperpixelIsSmallerThanAsked() {
    Superpixels found = Superpixels.of(image(40, 200, 120), 1, 40);
    Map<Integer, Integer> sizes = new HashMap<>();

    for (int label : found.labels()) {
      sizes.merge(label, 1, Integer::sum);
    }

    assertThat(sizes).hasSize(found.count());
    assertThat(sizes.values()).allMatch(size -> size >= 40);
  }

  @Test
  void everySuperpixelIsConnected() {
    Superpixels found = Superpixels.of(TestImages.noise(SIDE, SIDE, 3), 60, 5);
    boolean[] seen = new boolean[SIDE * SIDE];
    int components = 0;

    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        components++;
        flood(found, i, seen);
      }
    }

    assertThat(found.count()).isGreaterThan(3);
    assertThat(components).isEqualTo(found.count());
  }

  private static void flood(Superpixels superpixels, int i, boolean[] seen) {
    seen[i] = true;

    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        int x = i % SIDE + dx;
        int y = i / SIDE + dy;
        int j = y * SIDE + x;

        if (x >= 0 && y >= 0 && x < SIDE && y < SIDE && !seen[j]) {
          if (superpixels.labels()[j] == superpixels.labels()[i]) {
            flood(superpixels, j, seen);
          }
        }
      }
    }
  }
}

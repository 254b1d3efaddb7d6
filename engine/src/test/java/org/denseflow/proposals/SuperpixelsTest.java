package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

class SuperpixelsTest {
  private static final int SIDE = 24;

  /** Left half of one grey, right half of another, with a small spot in the left half. */
  private static RgbImage image(int left, int right, int spot) {
    byte[] pixels = new byte[3 * SIDE * SIDE];

    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      boolean isSpot = x >= 4 && x < 6 && y >= 10 && y < 12;
      pixels[i] = (byte) (isSpot ? spot : x < SIDE / 2 ? left : right);
    }

    return new RgbImage(SIDE, SIDE, pixels);
  }

  /** But for the columns that the Gaussian of 0.8 pixels mixes, which are their own. */
  @Test
  void halvesOfDifferentGreyAreTwoSuperpixels() {
    Superpixels found = Superpixels.of(image(40, 200, 40), 20);
    int reach = 4;
    Set<Integer> left = new HashSet<>();
    Set<Integer> right = new HashSet<>();

    for (int i = 0; i < SIDE * SIDE; i++) {
      int x = i % SIDE;

      if (x < SIDE / 2 - reach) {
        left.add(found.labels()[i]);
      } else if (x >= SIDE / 2 + reach) {
        right.add(found.labels()[i]);
      }
    }

    assertThat(left).hasSize(1);
    assertThat(right).hasSize(1).doesNotContainAnyElementsOf(left);
  }

  @Test
  void aSpotIsASuperpixelUnlessKIsLarge() {
    RgbImage image = image(40, 40, 200);
    int inside = 10 * SIDE + 4;
    int[] apart = Superpixels.of(image, 20).labels();
    int[] together = Superpixels.of(image, 1e6).labels();
    assertThat(apart[inside]).isNotEqualTo(apart[0]);
    assertThat(together[inside]).isEqualTo(together[0]);
  }

  /** Where nothing else joins them: k is next to nothing. */
  @Test
  void superpixelsAreAThousandthOfTheImageOrMore() {
    int side = 100;
    Superpixels found = Superpixels.of(TestImages.noise(side, side, 7), 1e-3);
    Map<Integer, Integer> sizes = new HashMap<>();

    for (int label : found.labels()) {
      sizes.merge(label, 1, Integer::sum);
    }

    assertThat(sizes).hasSize(found.count()).hasSizeGreaterThan(100);
    assertThat(sizes.values()).allMatch(size -> size >= side * side / 1000);
  }

  @Test
  void everySuperpixelIsConnected() {
    Superpixels found = Superpixels.of(TestImages.noise(SIDE, SIDE, 3), 60);
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

package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.image.Mask;
import org.junit.jupiter.api.Test;

class RunLengthsTest {

  /** The two masks of cocoapi's maskApi.h, with runs 2 3 1 1 and 0 6 1, as columns. */
  @Test
  void encodesTheExamplesOfCoco() {
    assertThat(RunLengths.encode(column(0, 0, 1, 1, 1, 0, 1))).isEqualTo("231N");
    assertThat(RunLengths.encode(column(1, 1, 1, 1, 1, 1, 0))).isEqualTo("061");
  }

  @Test
  void runsGoDownTheColumns() {
    Mask left = new Mask(2, 2, new boolean[] {true, false, true, false});
    assertThat(RunLengths.encode(left)).isEqualTo("022");
  }

  /** 100 = 4 + 3·32: the low group with "more" set is 4 + 32 + 48 = 'T', then 3 + 48 = '3'. */
  @Test
  void longRunsTakeSeveralGroups() {
    assertThat(RunLengths.encode(new Mask(10, 10, new boolean[100]))).isEqualTo("T3");
  }

  @Test
  void aReaderFindsTheMaskAgain() {
    Random random = new Random(1);

    for (int trial = 0; trial < 50; trial++) {
      int width = 1 + random.nextInt(40);
      int height = 1 + random.nextInt(40);
      double share = random.nextDouble();
      boolean[] inside = new boolean[width * height];

      for (int i = 0; i < inside.length; i++) {
        inside[i] = random.nextDouble() < share;
      }

      Mask mask = new Mask(width, height, inside);
      assertThat(decoded(RunLengths.encode(mask), width, height)).isEqualTo(inside);
    }
  }

  /** Counts read by maskApi.c's rule, one run after the other. */
  private static boolean[] decoded(String counts, int width, int height) {
    boolean[] inside = new boolean[width * height];
    List<Long> runs = new ArrayList<>();
    int pixel = 0;

    for (int at = 0; at < counts.length(); ) {
      long value = 0;
      int shift = 0;
      int group;

      do {
        group = counts.charAt(at++) - 48;
        value |= (long) (group & 31) << shift;
        shift += 5;
      } while ((group & 32) != 0);

      value |= (group & 16) != 0 ? -1L << shift : 0;
      runs.add(runs.size() > 2 ? value + runs.get(runs.size() - 2) : value);

      for (long r = 0; r < runs.get(runs.size() - 1); r++, pixel++) {
        inside[pixel % height * width + pixel / height] = runs.size() % 2 == 0;
      }
    }

    assertThat(pixel).isEqualTo(inside.length);
    return inside;
  }

  private static Mask column(int... values) {
    boolean[] inside = new boolean[values.length];

    for (int i = 0; i < values.length; i++) {
      inside[i] = values[i] == 1;
    }

    return new Mask(1, values.length, inside);
  }
}

package org.denseflow.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TilingTest {
  private static final int PAIRS = 6_000;
  private static final int IMAGES = 500;

  private final Random random = new Random(3);

  @Test
  void everyPairIsInOneTileAndTilesKeepTheirBounds() {
    int[] groups = numbers(IMAGES, i -> i / 200);
    int[] sources = numbers(PAIRS, i -> random.nextInt(IMAGES));
    int[] targets = numbers(PAIRS, i -> sameGroup(sources[i]));
    Tiling tiling = Tiling.of(sources, targets, groups, new PlanParameters(20, 150, 1000));
    boolean[] seen = new boolean[PAIRS];
    long described = 0;

    for (int tile = 0; tile < tiling.tiles(); tile++) {
      int[] pairs = tiling.pairs(tile).toArray();
      Set<Integer> held = new HashSet<>();
      Set<Integer> images = new HashSet<>();

      for (int i = 0; i < pairs.length; i++) {
        assertThat(seen[pairs[i]]).isFalse();
        seen[pairs[i]] = true;
        held.add(targets[pairs[i]]);
        images.add(targets[pairs[i]]);
        images.add(sources[pairs[i]]);
        assertThat(groups[sources[pairs[i]]]).isEqualTo(groups[sources[pairs[0]]]);
        assertThat(i == 0 || sources[pairs[i - 1]] <= sources[pairs[i]]).isTrue();
      }

      assertThat(held).hasSizeLessThanOrEqualTo(20);
      assertThat(pairs.length).isBetween(1, 150);
      described += images.size();
    }

    assertThat(seen).doesNotContain(false);
    assertThat(tiling.described()).isEqualTo(described);
  }

  @Test
  void aSourceStaysInOneTileOfItsBlock() {
    int[] sources = numbers(900, i -> i / 30);
    int[] targets = numbers(900, i -> 30 + i % 30);
    Tiling tiling = Tiling.of(sources, targets, new int[60], new PlanParameters(30, 100, 1000));
    assertThat(tiling.tiles()).isEqualTo(10);
    assertThat(tiling.described()).isEqualTo(10 * (30 + 3));
  }

  @Test
  void hubsAreHeldTogether() {
    int hubs = 10;
    int[] sources = numbers(4_000, i -> hubs + 400 + i % 400);
    int[] targets = numbers(4_000, i -> i < 3_600 ? i / 400 + 1 : hubs + i - 3_600);
    Tiling tiling = Tiling.of(sources, targets, new int[810], new PlanParameters(10, 4_000, 4_000));
    assertThat(tiling.pairs(0).map(pair -> targets[pair]).distinct().filter(t -> t < hubs).count())
        .isEqualTo(9);
    assertThat(tiling.described()).isLessThan(2 * 400 + 400 + hubs + 50);
  }

  @Test
  void anEmptyListHasNoTiles() {
    Tiling tiling = Tiling.of(new int[0], new int[0], new int[0], new PlanParameters(1, 1, 1));
    assertThat(tiling.tiles()).isZero();
    assertThat(tiling.described()).isZero();
  }

  private int sameGroup(int image) {
    int first = image / 200 * 200;
    return first + random.nextInt(Math.min(200, IMAGES - first));
  }

  private static int[] numbers(int count, IntUnaryOperator number) {
    return IntStream.range(0, count).map(number).toArray();
  }
}

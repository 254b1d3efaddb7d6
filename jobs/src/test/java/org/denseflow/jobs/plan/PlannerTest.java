package org.denseflow.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final PlanParameters SMALL = new PlanParameters(16, 90, 700, Long.MAX_VALUE);

  @Test
  void everyPairIsPlannedOnceWithinTheBoundsWhateverTheOrderOfTheList() {
    Random random = new Random(1);
    List<PlannedPair> pairs = new ArrayList<>();

    for (int i = 0; i < 5_000; i++) {
      pairs.add(pair(i, random.nextInt(300), random.nextInt(300), "c" + random.nextInt(4)));
    }

    List<Tile> tiles = new Planner(SMALL).plan(pairs);
    assertThat(tiles.stream().flatMap(tile -> tile.pairs().stream()).toList())
        .containsExactlyInAnyOrderElementsOf(pairs);

    for (Tile tile : tiles) {
      assertThat(tile.pairs()).hasSizeBetween(1, 90);
      assertThat(tile.targets()).hasSizeLessThanOrEqualTo(16);
      assertThat(tile.pairs()).extracting(PlannedPair::category).containsOnly(category(tile));
      assertThat(tile.pairs()).extracting(PlannedPair::source).isSorted();
    }

    Collections.shuffle(pairs, random);
    assertThat(new Planner(SMALL).plan(pairs)).isEqualTo(tiles);
  }

  @Test
  void allPairsOfASmallCategoryAreOneTile() {
    List<Tile> tiles = new Planner(new PlanParameters(32, 121, 1000, 1)).plan(all(10));
    assertThat(tiles).hasSize(1);
    assertThat(tiles.get(0).alone().described()).isEqualTo(10);
  }

  @Test
  void aSourceStaysInOneTileOfItsBlock() {
    List<PlannedPair> pairs = new ArrayList<>();

    for (int i = 0; i < 900; i++) {
      pairs.add(pair(i, 100 + i / 30, i % 30, ""));
    }

    List<Tile> tiles = new Planner(new PlanParameters(30, 119, 1000, 1)).plan(pairs);
    assertThat(tiles).hasSize(10);
    assertThat(tiles).allSatisfy(tile -> assertThat(tile.images()).hasSize(30 + 3));
  }

  @Test
  void onePairListedManyTimesIsCutToo() {
    List<PlannedPair> pairs = new ArrayList<>();

    for (int i = 0; i < 1000; i++) {
      pairs.add(pair(i, 1, 2, ""));
    }

    List<Tile> tiles = new Planner(SMALL).plan(pairs);
    assertThat(tiles).allSatisfy(tile -> assertThat(tile.pairs()).hasSizeLessThanOrEqualTo(90));
    assertThat(tiles.stream().mapToInt(tile -> tile.pairs().size()).sum()).isEqualTo(1000);
  }

  @Test
  void hubsAreHeldTogether() {
    List<PlannedPair> pairs = new ArrayList<>();

    for (int i = 0; i < 4_000; i++) {
      int target = i < 3_600 ? 1_000 + 97 * (i / 400) : 2_000 + i;
      pairs.add(pair(i, 100 + i % 400, target, ""));
    }

    List<Tile> tiles = new Planner(new PlanParameters(10, 4_100, 4_000, 1)).plan(pairs);
    assertThat(tiles.get(0).targets()).filteredOn(name -> name.compareTo("/2") < 0).hasSize(9);
    assertThat(tiles.stream().mapToInt(tile -> tile.images().size()).sum())
        .isLessThan(2 * 400 + 400 + 10 + 50);
  }

  @Test
  void chunksAreWholeTilesUpToAboutTheirPairs() {
    List<PlannedPair> pairs = new ArrayList<>();

    for (int i = 0; i < 500; i++) {
      pairs.add(pair(i, 2 * i, 2 * i + 1, ""));
    }

    List<Tile> tiles = new Planner(new PlanParameters(10, 12, 30, 1)).plan(pairs);
    Set<Integer> chunks = new TreeSet<>();
    tiles.forEach(tile -> chunks.add(tile.chunk()));
    assertThat(chunks).hasSizeBetween(15, 18).last().isEqualTo(chunks.size() - 1);
    assertThat(tiles).extracting(Tile::chunk).isSorted();
    assertThat(tiles).extracting(Tile::id).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void chunksHaveTheBytesThatWereAskedFor() {
    assertThat(new PlanParameters(1, 1, 1000, 5000).ofRows(10).chunkPairs()).isEqualTo(500);
    assertThat(new PlanParameters(1, 1, 100, 5000).ofRows(10).chunkPairs()).isEqualTo(100);
    assertThat(new PlanParameters(1, 1, 100, 5).ofRows(10).chunkPairs()).isEqualTo(1);
  }

  @Test
  void namesAreOrderedAsSparkOrdersThem() {
    List<String> names =
        new ArrayList<>(List.of("\ud83d\ude00", "\uffee", "a", "ab", "\u00e9", ""));
    names.sort(Utf8Order.INSTANCE);
    assertThat(names).containsExactly("", "a", "ab", "\u00e9", "\uffee", "\ud83d\ude00");
  }

  @Test
  void partsOfTilesCostAboutTheSame() {
    int[] ids = {3, 4, 7, 9, 11, 12};
    Split split = new Split(ids, new long[] {10, 10, 10, 10, 20, 20}, 4);
    int[] parts = new int[split.numPartitions()];

    for (int i = 0; i < ids.length; i++) {
      parts[split.getPartition(ids[i])] += i < 4 ? 10 : 20;
    }

    assertThat(parts).containsExactly(20, 20, 20, 20);
    assertThat(new Split(ids, new long[] {1, 1, 1, 1, 1, 1}, 100).numPartitions()).isEqualTo(6);
  }

  @Test
  void sizesMustBePositive() {
    assertThatThrownBy(() -> new PlanParameters(0, 5, 7, 9))
        .hasMessageContaining("found 0, 5, 7 and 9");
  }

  @Test
  void theDigestOfAListDependsOnItsPairsAndNotOnTheirOrder() {
    List<PlannedPair> pairs = all(30);
    String digest = summary(pairs).digest();
    Collections.reverse(pairs);
    assertThat(summary(pairs).digest()).isEqualTo(digest);
    pairs.set(7, pair(7, 1, 29, "other"));
    assertThat(summary(pairs).digest()).isNotEqualTo(digest);
    ListSummary parts = summary(all(30).subList(0, 100)).plus(summary(all(30).subList(100, 870)));
    assertThat(parts.digest()).isEqualTo(digest);
    assertThat(parts.pairs()).isEqualTo(870);
    assertThat(parts.sample()).hasSize(870);
  }

  private static ListSummary summary(List<PlannedPair> pairs) {
    ListSummary summary = new ListSummary();
    pairs.forEach(summary::plus);
    return summary;
  }

  private static List<PlannedPair> all(int images) {
    List<PlannedPair> pairs = new ArrayList<>();

    for (int a = 0; a < images; a++) {
      for (int b = 0; b < images; b++) {
        if (a != b) {
          pairs.add(pair(pairs.size(), a, b, "car"));
        }
      }
    }

    return pairs;
  }

  private static String category(Tile tile) {
    return tile.pairs().get(0).category();
  }

  private static PlannedPair pair(int id, int source, int target, String category) {
    return new PlannedPair(
        "p" + id, category + "/" + source, category + "/" + target, category, "");
  }
}

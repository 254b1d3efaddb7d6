package org.denseflow.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.junit.jupiter.api.Test;

class PlannerTest {

  @Test
  void everyPairIsPlannedExactlyOnce() {
    Random random = new Random(1);
    List<ImagePair> pairs = new ArrayList<>();

    for (int i = 0; i < 5_000; i++) {
      pairs.add(pair(i, random.nextInt(300), random.nextInt(300), "c" + random.nextInt(4)));
    }

    Plan plan = new Planner(new PlanParameters(16, 90, 700)).plan(pairs);
    List<String> planned =
        plan.tiles().stream().flatMap(t -> t.pairs().stream()).map(PlannedPair::pairId).toList();
    assertThat(planned)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(pairs.stream().map(ImagePair::pairId).toList());
    assertThat(plan).isEqualTo(new Planner(new PlanParameters(16, 90, 700)).plan(pairs));
    assertThat(plan.mostHeld()).isEqualTo(17);
    assertThat(plan.tiles()).allSatisfy(t -> assertThat(t.pairs()).hasSizeLessThanOrEqualTo(90));
    assertThat(plan.tiles())
        .allSatisfy(
            t ->
                assertThat(t.pairs())
                    .extracting(PlannedPair::category)
                    .containsOnly(t.pairs().get(0).category()));
  }

  @Test
  void allPairsOfASmallCategoryAreOneTile() {
    List<ImagePair> pairs = new ArrayList<>();

    for (int a = 0; a < 10; a++) {
      for (int b = 0; b < 10; b++) {
        if (a != b) {
          pairs.add(pair(pairs.size(), a, b, "car"));
        }
      }
    }

    Plan plan = new Planner(new PlanParameters(32, 90, 100)).plan(pairs);
    assertThat(plan.tiles()).hasSize(1);
    assertThat(plan.described()).isEqualTo(10);
    assertThat(plan.images()).isEqualTo(10);
  }

  @Test
  void chunksAreWholeTiles() {
    List<ImagePair> pairs = new ArrayList<>();

    for (int i = 0; i < 100; i++) {
      pairs.add(pair(i, 2 * i, 2 * i + 1, ""));
    }

    Plan plan = new Planner(new PlanParameters(10, 12, 12)).plan(pairs);
    assertThat(plan.chunks()).isGreaterThan(5);

    for (int chunk = 0; chunk < plan.chunks(); chunk++) {
      assertThat(plan.chunk(chunk).stream().mapToInt(t -> t.pairs().size()).sum()).isBetween(1, 12);
    }
  }

  @Test
  void sizesMustBePositive() {
    assertThatThrownBy(() -> new PlanParameters(0, 5, 7)).hasMessageContaining("found 0, 5 and 7");
  }

  private static ImagePair pair(int id, int source, int target, String category) {
    return new ImagePair(
        "p" + id, category + "/" + source, category + "/" + target, category, PairAnnotation.NONE);
  }
}

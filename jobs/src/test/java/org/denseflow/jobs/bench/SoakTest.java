package org.denseflow.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.jobs.bench.Soak.Round;
import org.junit.jupiter.api.Test;

class SoakTest {

  private static List<Round> heaps(double... heaps) {
    List<Round> rounds = new ArrayList<>();

    for (double heap : heaps) {
      rounds.add(new Round(0, heap, 0, 0, 0));
    }

    return rounds;
  }

  @Test
  void growthIsOfTheLeastInTheLastThirdOverThatOfTheOneBefore() {
    assertThat(Soak.growth(heaps(500, 1, 100, 130, 110, 120), Round::heap, Math::min))
        .isCloseTo(0.1, within(1e-12));
  }

  @Test
  void whatSettlesAfterTheFirstThirdHasNotGrown() {
    assertThat(Soak.growth(heaps(10, 100, 100, 100), Round::heap, Math::min)).isZero();
  }

  @Test
  void ofWhatSlowerRoundsHaveFewerTheMostCounts() {
    List<Round> rounds = heaps(400, 400, 340, 400, 390, 400);
    assertThat(Soak.growth(rounds, Round::heap, Math::max)).isZero();
    List<Round> leaking = heaps(340, 340, 340, 400, 400, 440);
    assertThat(Soak.growth(leaking, Round::heap, Math::max)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void twoRoundsTellNothing() {
    assertThatThrownBy(() -> Soak.growth(heaps(1, 2), Round::heap, Math::min))
        .hasMessageContaining("from 2 rounds");
  }
}

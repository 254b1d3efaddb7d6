package org.denseflow.jobs.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunComparisonTest {

  private final RunComparison comparison = new RunComparison();

  @Test
  void equalRowsAreWithinAnyTolerance() {
    comparison.add("a", side(0.1f, 0.2f), side(0.1f, 0.2f));
    assertThat(comparison.within(0)).isTrue();
    assertThat(comparison.describe()).contains("bit-identical 1");
  }

  @Test
  void differencesAreCountedInCellsOfTheirAxis() {
    // 0.5 of the width on a grid of 20 columns is 10 cells; 0.25 of the height on 40 rows is 10
    // cells.
    comparison.add("x", side(0f, 0f), side(0.5f, 0f));
    assertThat(comparison.within(9.99)).isFalse();
    assertThat(comparison.within(10)).isTrue();
    comparison.add("y", side(0f, 0f), side(0f, 0.5f));
    assertThat(comparison.within(19.99)).isFalse();
    assertThat(comparison.within(20)).isTrue();
  }

  @Test
  void missingExtraAndOtherStatusAreDifferences() {
    RunComparison.Side failed = new RunComparison.Side("failed", 20, 40, null);
    comparison.add("a", side(0f, 0f), null);
    comparison.add("b", null, side(0f, 0f));
    comparison.add("c", side(0f, 0f), failed);
    assertThat(comparison.within(1e9)).isFalse();
    assertThat(comparison.describe()).contains("missing 1, extra 1, twice 0, other status 1");
  }

  @Test
  void notANumberIsADifference() {
    comparison.add("a", side(0f, 0f), side(Float.NaN, 0f));
    assertThat(comparison.within(1e9)).isFalse();
  }

  @Test
  void aPairWithTwoRowsIsADifference() {
    comparison.add("a", side(0.5f, 0.5f), side(0.5f, 0.5f));
    comparison.addTwice(1);
    assertThat(comparison.within(1e-4)).isFalse();
    assertThat(comparison.describe()).contains("twice 1");
  }

  private static RunComparison.Side side(float dx, float dy) {
    return new RunComparison.Side("ok", 20, 40, new float[] {dx, dy});
  }
}

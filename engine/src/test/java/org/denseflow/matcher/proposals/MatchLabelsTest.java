package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.denseflow.proposals.KeypointWarp;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;

class MatchLabelsTest {

  /** Everything moves by a tenth to the right. */
  private final KeypointWarp truth =
      KeypointWarp.of(
              new double[] {0.2, 0.8, 0.2, 0.8},
              new double[] {0.2, 0.2, 0.8, 0.8},
              new double[] {0.3, 0.9, 0.3, 0.9},
              new double[] {0.2, 0.2, 0.8, 0.8})
          .get();

  @Test
  void overlapWithTheMovedRegionDecides() {
    RegionBox onObject = new RegionBox(0.3, 0.3, 0.5, 0.5);
    RegionBox offObject = new RegionBox(0, 0, 0.3, 0.3);
    List<RegionBox> targets =
        List.of(
            new RegionBox(0.4, 0.3, 0.6, 0.5),
            // IoU 1/2: neither
            new RegionBox(0.4, 0.3, 0.6, 0.4),
            // IoU 1/3
            new RegionBox(0.3, 0.3, 0.5, 0.5),
            new RegionBox(0.7, 0.7, 0.9, 0.9));
    MatchLabels labels = MatchLabels.of(List.of(offObject, onObject), targets, truth, 0.6, 0.4);
    assertThat(labels.positive()).containsExactly(0, 0, 0, 0, 1, 0, 0, 0);
    assertThat(labels.negative()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1);
  }
}

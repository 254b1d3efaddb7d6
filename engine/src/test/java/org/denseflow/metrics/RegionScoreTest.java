package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.denseflow.metrics.KeypointPair.Annotated;
import org.denseflow.proposals.KeypointWarp;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;
import org.junit.jupiter.api.Test;

class RegionScoreTest {

  /** Five points of a 100x200 image, and where an affine map takes them in a 50x50 one. */
  private static KeypointPair affine() {
    double[] x = {20, 80, 20, 80, 55};
    double[] y = {40, 40, 160, 160, 90};
    double[] tx = new double[5];
    double[] ty = new double[5];

    for (int k = 0; k < 5; k++) {
      tx[k] = 0.25 * (x[k] + 0.5) + 10 - 0.5;
      ty[k] = 0.125 * (y[k] + 0.5) + 5 - 0.5;
    }

    return new KeypointPair(
        new Annotated(100, 200, new Keypoints(x, y), Optional.empty()),
        new Annotated(50, 50, new Keypoints(tx, ty), Optional.empty()));
  }

  @Test
  void theSplineThroughAffinePointsIsAffine() {
    KeypointWarp warp = RegionScore.truth(affine(), 0).get();
    RegionBox region = warp.region(new RegionBox(0.1, 0.2, 0.7, 0.9)).get();
    assertThat(region.x1()).isCloseTo(0.1 * 0.5 + 0.2, within(1e-9));
    assertThat(region.x2()).isCloseTo(0.7 * 0.5 + 0.2, within(1e-9));
    assertThat(region.y1()).isCloseTo(0.2 * 0.5 + 0.1, within(1e-9));
    assertThat(region.y2()).isCloseTo(0.9 * 0.5 + 0.1, within(1e-9));
  }

  @Test
  void theSplineGoesThroughEveryKeypoint() {
    KeypointPair pair = affine();
    pair.target().points().x()[4] += 3;
    KeypointWarp warp = RegionScore.truth(pair, 0).get();
    double[] at = warp.at(55.5 / 100, 90.5 / 200);
    assertThat(at[0]).isCloseTo((0.25 * 55.5 + 13) / 50, within(1e-9));
    assertThat(at[1]).isCloseTo((0.125 * 90.5 + 5) / 50, within(1e-9));
  }

  @Test
  void pointsOnALineAndTooFewHaveNoSpline() {
    Keypoints line = new Keypoints(new double[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4});
    Annotated image = new Annotated(10, 10, line, Optional.empty());
    assertThat(RegionScore.truth(new KeypointPair(image, image), 0)).isEmpty();
    Keypoints few = new Keypoints(new double[] {1, 5, 3}, new double[] {1, 2, 9});
    Annotated other = new Annotated(10, 10, few, Optional.empty());
    assertThat(RegionScore.truth(new KeypointPair(other, other), 0)).isEmpty();
  }

  /** Three regions on the object with IoU 1, 1/3 and 0, by their scores; one off the object. */
  @Test
  void curvesOfAHandMadePair() {
    KeypointWarp warp = RegionScore.truth(affine(), 0).get();
    RegionBox region = new RegionBox(0.3, 0.3, 0.5, 0.5);
    RegionBox truth = warp.region(region).get();
    RegionBox half =
        new RegionBox(
            truth.x1() + truth.width() / 2, truth.y1(), truth.x2() + truth.width() / 2, truth.y2());
    RegionScore score =
        RegionScore.of(
            List.of(
                new RegionMatch(region, half, 1, 5),
                new RegionMatch(region, new RegionBox(0.9, 0.9, 1, 1), 1, 1),
                new RegionMatch(region, truth, 1, 9),
                new RegionMatch(new RegionBox(0, 0, 0.25, 0.25), truth, 1, 7)),
            warp);
    assertThat(score.regions()).isEqualTo(3);
    assertThat(score.pcr()[0]).isZero();
    assertThat(score.pcr()[1]).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(score.pcr()[66]).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(score.pcr()[67]).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(score.pcr()[100]).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(score.meanIou()[0]).isCloseTo(1, within(1e-9));
    assertThat(score.meanIou()[1]).isCloseTo(2.0 / 3, within(1e-9));
    assertThat(score.meanIou()[99]).isCloseTo(4.0 / 9, within(1e-9));
    // Trapezoids: 99.5 steps at a third and 33.5 at another.
    assertThat(score.pcrArea()).isCloseTo((99.5 + 33.5) / 300, within(1e-12));
  }
}

package org.denseflow.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.KeypointPair.Annotated;
import org.denseflow.metrics.Keypoints;
import org.junit.jupiter.api.Test;

class HorizontalMirrorTest {

  @Test
  void pixelsMasksPointsAndBoxesStayTogether() {
    // 3 x 2 pixels numbered 0..5; the marked one is column 1 of 3 (1-based) in row 2
    byte[] pixels = new byte[18];
    boolean[] inside = new boolean[6];

    for (int i = 0; i < 18; i++) {
      pixels[i] = (byte) i;
    }
    inside[3] = true;
    Annotated side =
        new Annotated(
            3,
            2,
            new Keypoints(new double[] {1, Double.NaN}, new double[] {2, Double.NaN}),
            Optional.of(new Box(1, 1, 2, 2)));

    RgbImage image = new RgbImage(3, 2, pixels).mirrored();
    Mask mask = HorizontalMirror.of(new Mask(3, 2, inside));
    Annotated mirrored = HorizontalMirror.of(new KeypointPair(side, side)).target();

    assertThat(image.at(2, 1, 0)).isEqualTo(9);
    assertThat(image.at(0, 0, 2)).isEqualTo(8);
    assertThat(mask.inside()).containsExactly(false, false, false, false, false, true);
    assertThat(mirrored.points().x()).containsExactly(3, Double.NaN);
    assertThat(mirrored.points().y()).containsExactly(2, Double.NaN);
    assertThat(mirrored.box()).contains(new Box(2, 1, 3, 2));
  }
}

package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.denseflow.flow.FlowField;
import org.denseflow.metrics.KeypointPair.Annotated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PckTest {

  private static final double ABSENT = Double.NaN;

  /** Both images 64x50; the flow moves everything by 10/64 of the width: 10 pixels right. */
  private static final FlowField TEN_RIGHT = constant(4, 2, 10 / 64f, 0);

  @Test
  void countsAPointWhoseErrorIsExactlyAlphaTimesL() {
    // target box 40 wide, so alpha 0.05/0.1/0.15 allow 2/4/6 pixels; the errors are 0, 4 and 7
    KeypointPair pair =
        pair(points(20, 20, 40, 20, 10, 20), points(30, 20, 50, 24, 13, 20), 64, 50, 64, 50);
    KeypointPair wide =
        pair(points(20, 20, 40, 20, 10, 20), points(30, 20, 50, 24, 10, 20), 64, 50, 64, 50);

    Pck.Score score = Pck.score(Protocols.named("pf-willow/bbox-kp"), TEN_RIGHT, wide);

    assertThat(score.valid()).isEqualTo(3);
    assertThat(score.length()).isEqualTo(40);
    assertThat(score.correct()).containsExactly(1, 2, 2);
    assertThat(Pck.score(Protocols.named("pf-willow/bbox-kp"), TEN_RIGHT, pair).length())
        .isEqualTo(37);
  }

  @Test
  void leavesOutPointsAbsentInEitherImageAlsoFromTheBox() {
    KeypointPair pair =
        pair(
            points(20, 20, -1, -1, 30, 20, 5, 5),
            points(30, 20, 90, 49, 40, 20, ABSENT, 5),
            64,
            50,
            64,
            50);

    Pck.Score score = Pck.score(Protocols.named("pf-willow/bbox-kp"), TEN_RIGHT, pair);

    assertThat(score.valid()).isEqualTo(2);
    assertThat(score.length()).isEqualTo(10);
    assertThat(score.correct()).containsExactly(2, 2, 2);
  }

  @Test
  void targetToSourceProtocolsQueryTheTargetAndMeasureInTheSource() {
    KeypointPair pair = pair(points(30, 20, 70, 20), points(20, 20, 60, 25), 64, 50, 64, 50);

    Pck.Score score = Pck.score(Protocols.named("pf-willow/weakalign-pf"), TEN_RIGHT, pair);

    // L is the source's 40; the second error is 5 pixels
    assertThat(score.length()).isEqualTo(40);
    assertThat(score.correct()).containsExactly(1, 1, 2);
  }

  @Test
  void aFixedFrameScalesBothAxesOfBothImages() {
    // in the 224 frame 5 px of 50 rows are 22.4, 5 px of 64 columns are 17.5; L = 224 allows
    // 11.2/22.4/33.6
    KeypointPair pair = pair(points(50, 20, 50, 30), points(45, 20, 40, 36), 64, 50, 64, 50);

    Pck.Score score = Pck.score(Protocols.named("pf-pascal/scnet-224"), TEN_RIGHT, pair);

    assertThat(score.length()).isEqualTo(224);
    assertThat(score.correct()).containsExactly(0, 1, 2);
  }

  @Test
  void aPointWithoutAStatementIsWrongAndStillCounted() {
    FlowField silent =
        new FlowField(1, 1, new float[] {0.1f, 0}, new float[] {0}, new boolean[] {false});
    KeypointPair pair = pair(points(20, 20, 40, 20), points(30, 20, 50, 20), 64, 50, 64, 50);

    Pck.Score score = Pck.score(Protocols.named("pf-willow/bbox-kp"), silent, pair);

    assertThat(score.valid()).isEqualTo(2);
    assertThat(score.correct()).containsExactly(0, 0, 0);
  }

  @Test
  void agreesWithANaiveCountOnRandomPairs() {
    Random random = new Random(7);
    Protocol protocol = Protocols.named("pf-pascal/hpf-img").withAlphas(0.3);

    for (int trial = 0; trial < 50; trial++) {
      float dx = random.nextFloat() - 0.5f;
      float dy = random.nextFloat() - 0.5f;
      double[] source = random.doubles(12, 0, 50).toArray();
      double[] target = random.doubles(12, 0, 80).toArray();
      int expected = 0;

      for (int k = 0; k < 6; k++) {
        double x = ((source[2 * k] + 0.5) / 60 + dx) * 90 - 0.5 - target[2 * k];
        double y = ((source[2 * k + 1] + 0.5) / 70 + dy) * 110 - 0.5 - target[2 * k + 1];
        expected += Math.sqrt(x * x + y * y) <= 0.3 * 110 ? 1 : 0;
      }
      KeypointPair pair = pair(points(source), points(target), 60, 70, 90, 110);
      assertThat(Pck.score(protocol, constant(5, 3, dx, dy), pair).correct()[0])
          .isEqualTo(expected);
    }
  }

  @Test
  void saysWhichBoxIsMissing() {
    KeypointPair pair = pair(points(1, 1), points(1, 1), 64, 50, 64, 50);

    assertThatThrownBy(() -> Pck.score(Protocols.named("spair/bbox"), TEN_RIGHT, pair))
        .hasMessageContaining("spair/bbox")
        .hasMessageContaining("no target box");
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> Protocols.named("pf-willow/bbox_kp"))
        .hasMessageContaining("Invalid protocol: pf-willow/bbox_kp")
        .hasMessageContaining("pf-willow/bbox-kp")
        .hasMessageContaining("tss/kit");
    assertThatThrownBy(() -> Protocols.named("tss/kit")).hasMessageContaining("fixed procedure");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pf-willow/bbox-kp",
        "pf-willow/proposal-flow",
        "pf-pascal/scnet-224",
        "pf-pascal/sfnet-image",
        "spair/dift-point",
        "tss/kit",
        "caltech101/rocco",
        "synthetic/epe"
      })
  void everyNameDescribesItselfInOneLine(String name) {
    assertThat(Protocols.names()).contains(name).doesNotHaveDuplicates();
    assertThat(Protocols.describe(name)).startsWith(name + ": ").doesNotContain("\n");
  }

  private static FlowField constant(int width, int height, float dx, float dy) {
    float[] displacement = new float[2 * width * height];
    float[] confidence = new float[width * height];
    boolean[] valid = new boolean[width * height];
    Arrays.fill(valid, true);

    for (int c = 0; c < width * height; c++) {
      displacement[2 * c] = dx;
      displacement[2 * c + 1] = dy;
    }
    return new FlowField(width, height, displacement, confidence, valid);
  }

  private static Keypoints points(double... xy) {
    double[] x = new double[xy.length / 2];
    double[] y = new double[xy.length / 2];

    for (int k = 0; k < x.length; k++) {
      x[k] = xy[2 * k];
      y[k] = xy[2 * k + 1];
    }
    return new Keypoints(x, y);
  }

  private static KeypointPair pair(
      Keypoints source, Keypoints target, int srcW, int srcH, int tgtW, int tgtH) {
    return new KeypointPair(
        new Annotated(srcW, srcH, source, Optional.empty()),
        new Annotated(tgtW, tgtH, target, Optional.empty()));
  }
}

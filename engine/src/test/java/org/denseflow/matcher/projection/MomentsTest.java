package org.denseflow.matcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class MomentsTest {

  @Test
  void partsComeToWhatAllVectorsAtOnceAreByDefinition() {
    float[][] points = PrincipalComponentsTest.points(300);
    Moments first = moments(points, 0, 70, 71);
    Moments rest = moments(points, 71, 200, 300);
    Moments all = new Moments(60);
    all.add(first);
    all.add(rest);
    double[][] expected = PrincipalComponentsTest.covariance(points);

    assertThat(all.count()).isEqualTo(300);

    for (int i = 0; i < 60; i++) {
      double mean = 0;

      for (float[] point : points) {
        mean += point[i] / 300.0;
      }

      assertThat(all.mean()[i]).isCloseTo(mean, within(1e-12));
      assertThat(all.covariance()[i]).containsExactly(expected[i], within(1e-9));
    }
  }

  /** What single precision loses: deviations of 0.001 around 1,000. */
  @Test
  void smallDeviationsAroundALargeMeanAreKept() {
    Moments moments = new Moments(1);
    float[][] points = {{1000.001f}, {999.999f}, {1000.001f}, {999.999f}};
    moments.add(Nd4j.createFromArray(points));

    assertThat(moments.covariance()[0][0])
        .isCloseTo(PrincipalComponentsTest.covariance(points)[0][0], within(1e-12));
  }

  @Test
  void theOrderOfTheArrayChangesNothing() {
    float[][] points = PrincipalComponentsTest.points(300);
    Moments expected = moments(points, 0, 300);
    Moments columns = new Moments(60);
    columns.add(Nd4j.createFromArray(points).dup('f'));

    assertThat(columns.mean()).containsExactly(expected.mean());
    assertThat(columns.covariance()).isDeepEqualTo(expected.covariance());
  }

  @Test
  void otherChannelsAreRefused() {
    assertThatThrownBy(() -> new Moments(3).add(new Moments(2)))
        .hasMessage("Cannot add vectors of 2 channels to those of 3");
  }

  /** Of the points between each bound and the next. */
  private static Moments moments(float[][] points, int... bounds) {
    Moments moments = new Moments(points[0].length);

    for (int i = 1; i < bounds.length; i++) {
      moments.add(Nd4j.createFromArray(Arrays.copyOfRange(points, bounds[i - 1], bounds[i])));
    }

    return moments;
  }
}

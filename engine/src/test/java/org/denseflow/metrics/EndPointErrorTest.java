package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.flow.PixelFlow;
import org.junit.jupiter.api.Test;

class EndPointErrorTest {

  @Test
  void anOutlierIsOffByMoreThanThreePixelsAndFivePercent() {
    // errors 5 of 0 (outlier), 4 of 100 (4 %, none), 3 of 10 (3 px exactly, none), unknown truth
    PixelFlow truth = new PixelFlow(4, 1, new float[] {0, 0, 100, 0, 10, 0, 1e10f, 1e10f});
    PixelFlow predicted = new PixelFlow(4, 1, new float[] {3, 4, 104, 0, 10, 3, 9, 9});

    EndPointError error = EndPointError.of(predicted, truth);

    assertThat(error.pixels()).isEqualTo(3);
    assertThat(error.epe()).isCloseTo(4, within(1e-12));
    assertThat(error.flAll()).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void anUnknownPredictionIsAnOutlierButNotInTheMean() {
    PixelFlow truth = new PixelFlow(2, 1, new float[] {1, 0, 1, 0});
    PixelFlow predicted = new PixelFlow(2, 1, new float[] {2, 0, Float.NaN, 0});

    EndPointError error = EndPointError.of(predicted, truth);

    assertThat(error.unpredicted()).isEqualTo(1);
    assertThat(error.epe()).isCloseTo(1, within(1e-12));
    assertThat(error.flAll()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void refusesFieldsOfDifferentSizes() {
    PixelFlow small = new PixelFlow(1, 1, new float[2]);
    PixelFlow large = new PixelFlow(2, 1, new float[4]);

    assertThatThrownBy(() -> EndPointError.of(small, large)).hasMessageContaining("1x1, truth 2x1");
  }
}

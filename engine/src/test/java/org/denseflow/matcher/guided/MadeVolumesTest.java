package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.Presets;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.Match;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fields that are known are found in volumes that are made of them, most of whose cells mislead.
 */
class MadeVolumesTest {
  private static final int SIDE = 20;
  private static final double CENTRE = (SIDE - 1) / 2.0;

  private enum Field {
    TRANSLATED(1, 0, 0, 1, 3),
    SCALED(0.55, 0, 0, 0.55, 1),
    MIRRORED(-1, 0, 0, 1, 0),
    TURNED_OVER(-1, 0, 0, -1, 0),
    TURNED(0.77, -0.64, 0.64, 0.77, 0),
    SHEARED(0.8, 0.4, 0, 0.9, -1);

    private final UnaryOperator<double[]> map;

    Field(double xx, double xy, double yx, double yy, double shift) {
      map =
          at ->
              new double[] {
                CENTRE + xx * (at[0] - CENTRE) + xy * (at[1] - CENTRE) + shift,
                CENTRE + yx * (at[0] - CENTRE) + yy * (at[1] - CENTRE)
              };
    }
  }

  @ParameterizedTest
  @EnumSource
  void isRecovered(Field field) {
    Match match = matching("guided").read(volume(field, 0.6));
    assertThat(error(field, match.flow())).isLessThan(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"MIRRORED", "TURNED_OVER"})
  void isNotFollowedByTranslations(Field field) {
    Match match = matching("guided-translation").read(volume(field, 0.6));
    assertThat(error(field, match.flow())).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource
  void agreementFallsWithTheShareOfMatchesThatAreRight(Field field) {
    double most = matching("guided").read(volume(field, 0.8)).agreement().orElseThrow();
    double few = matching("guided").read(volume(field, 0.2)).agreement().orElseThrow();
    assertThat(few).isLessThan(0.75 * most);
  }

  private static GuidedMatching matching(String preset) {
    return new GuidedMatching(
        ConfigBinder.bind(
            Presets.of("methods", preset).getConfig("guided"), GuidedParameters.class));
  }

  /**
   * Noise up to 0.6, and where a cell's counterpart lies a peak of 1, in the share of cells that is
   * asked for.
   */
  private static CorrelationVolume volume(Field field, double share) {
    Random random = new Random(7);
    float[] values = new float[SIDE * SIDE * SIDE * SIDE];

    for (int i = 0; i < SIDE * SIDE; i++) {
      double[] at = field.map.apply(new double[] {i % SIDE, i / SIDE});
      double height = random.nextDouble() < share ? 1 : 0.45;

      for (int j = 0; j < SIDE * SIDE; j++) {
        double distance = Math.hypot(j % SIDE - at[0], j / SIDE - at[1]);
        double peak = height * Math.exp(-distance * distance / 2);
        values[i * SIDE * SIDE + j] = (float) Math.max(peak, 0.6 * random.nextDouble());
      }
    }

    return new CorrelationVolume(new Size(SIDE, SIDE), new Size(SIDE, SIDE), values);
  }

  /** Mean distance to the truth in cells, of the cells whose counterpart lies in the target. */
  private static double error(Field field, FlowField flow) {
    double sum = 0;
    int cells = 0;

    for (int i = 0; i < SIDE * SIDE; i++) {
      double[] truth = field.map.apply(new double[] {i % SIDE, i / SIDE});

      if (Math.min(truth[0], truth[1]) >= 0 && Math.max(truth[0], truth[1]) <= SIDE - 1) {
        double x = i % SIDE + SIDE * flow.displacement()[2 * i];
        double y = i / SIDE + SIDE * flow.displacement()[2 * i + 1];
        sum += Math.hypot(x - truth[0], y - truth[1]);
        cells++;
      }
    }

    return sum / cells;
  }
}

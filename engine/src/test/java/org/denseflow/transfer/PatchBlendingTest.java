package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.style.StyleFeatures;
import org.junit.jupiter.api.Test;

class PatchBlendingTest {
  private static final int GRID_WIDTH = 5;
  private static final int GRID_HEIGHT = 4;
  private static final int CHANNELS = 3;

  private final Random random = new Random(6);

  @Test
  void agreesWithTheEquation() {
    FlowField flow = randomFlow();
    StyleFeatures source = features(7, 9);
    StyleFeatures target = features(6, 8);
    StyleFeatures blended = new PatchBlending(flow).blend(source, target, 0.7);
    double[] jacobian = PatchBlending.jacobian(flow);

    for (int i = 0; i < 63; i++) {
      double x = (i % 9 + 0.5) / 9;
      double y = (i / 9 + 0.5) / 7;
      double[] sum = new double[CHANNELS];
      double total = 0;

      for (int j = 0; j < flow.cells(); j++) {
        int u = j % GRID_WIDTH;
        int v = j / GRID_WIDTH;
        boolean near =
            Math.abs(u - (int) (x * GRID_WIDTH)) <= 1 && Math.abs(v - (int) (y * GRID_HEIGHT)) <= 1;
        double rx = x - (u + 0.5) / GRID_WIDTH;
        double ry = y - (v + 0.5) / GRID_HEIGHT;
        double cells = Math.hypot(rx * GRID_WIDTH, ry * GRID_HEIGHT) / 0.6;
        double weight =
            near && flow.valid()[j] ? flow.confidence()[j] * Math.exp(-cells * cells / 2) : 0;
        double qx =
            x + flow.displacement()[2 * j] + jacobian[4 * j] * rx + jacobian[4 * j + 1] * ry;
        double qy =
            y
                + flow.displacement()[2 * j + 1]
                + jacobian[4 * j + 2] * rx
                + jacobian[4 * j + 3] * ry;
        total += weight;

        for (int c = 0; c < CHANNELS; c++) {
          sum[c] += weight * read(target, qx * 8 - 0.5, qy * 6 - 0.5, c);
        }
      }

      for (int c = 0; c < CHANNELS; c++) {
        double own = source.values()[i * CHANNELS + c];
        double expected = total > 0 ? 0.3 * own + 0.7 * sum[c] / total : own;
        assertThat((double) blended.values()[i * CHANNELS + c]).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @Test
  void aMapThatIsAffineIsRecoveredAtEveryCell() {
    float[] displacement = new float[2 * GRID_WIDTH * GRID_HEIGHT];

    for (int i = 0; i < GRID_WIDTH * GRID_HEIGHT; i++) {
      double x = (i % GRID_WIDTH + 0.5) / GRID_WIDTH;
      double y = (i / GRID_WIDTH + 0.5) / GRID_HEIGHT;
      displacement[2 * i] = (float) (0.1 + 0.2 * x - 0.3 * y);
      displacement[2 * i + 1] = (float) (-0.1 + 0.4 * x + 0.15 * y);
    }

    float[] confidence = randomFlow().confidence();
    boolean[] valid = new boolean[confidence.length];
    Arrays.fill(valid, true);
    double[] jacobian =
        PatchBlending.jacobian(
            new FlowField(GRID_WIDTH, GRID_HEIGHT, displacement, confidence, valid));

    for (int i = 0; i < jacobian.length; i++) {
      assertThat(jacobian[i]).isCloseTo(new double[] {0.2, -0.3, 0.4, 0.15}[i % 4], within(1e-5));
    }
  }

  @Test
  void withoutConfidentMatchesTheSourceStays() {
    FlowField flow = randomFlow();
    Arrays.fill(flow.confidence(), 0);
    StyleFeatures source = features(7, 9);
    StyleFeatures blended = new PatchBlending(flow).blend(source, features(6, 8), 1);
    assertThat(blended.values()).isEqualTo(source.values());
  }

  private FlowField randomFlow() {
    int cells = GRID_WIDTH * GRID_HEIGHT;
    float[] displacement = new float[2 * cells];
    float[] confidence = new float[cells];
    boolean[] valid = new boolean[cells];

    for (int i = 0; i < cells; i++) {
      displacement[2 * i] = (float) (0.2 * random.nextGaussian());
      displacement[2 * i + 1] = (float) (0.2 * random.nextGaussian());
      confidence[i] = 0.1f + 0.9f * random.nextFloat();
      valid[i] = i % 7 != 3;
    }

    return new FlowField(GRID_WIDTH, GRID_HEIGHT, displacement, confidence, valid);
  }

  private StyleFeatures features(int height, int width) {
    float[] values = new float[height * width * CHANNELS];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }

    return new StyleFeatures(new Size(width, height), CHANNELS, values);
  }

  private static double read(StyleFeatures map, double x, double y, int c) {
    double u = Math.max(0, Math.min(map.width() - 1, x));
    double v = Math.max(0, Math.min(map.height() - 1, y));
    double value = 0;

    for (int q = 0; q < map.width() * map.height(); q++) {
      double wx = Math.max(0, 1 - Math.abs(u - q % map.width()));
      double wy = Math.max(0, 1 - Math.abs(v - q / map.width()));
      value += wx * wy * map.values()[q * CHANNELS + c];
    }

    return value;
  }
}

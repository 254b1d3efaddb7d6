package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Against the definition: for each part every cell of the map is asked whether it belongs. */
class RoiPoolingTest {
  private static final int HEIGHT = 9;
  private static final int WIDTH = 12;
  private static final int CHANNELS = 5;

  @Test
  void equalsTheDefinition() {
    Random random = new Random(7);
    float[] values = new float[HEIGHT * WIDTH * CHANNELS];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    List<RegionBox> boxes = new ArrayList<>(List.of(new RegionBox(0, 0, 1, 1)));

    for (int i = 0; i < 40; i++) {
      double x = 0.95 * random.nextDouble();
      double y = 0.95 * random.nextDouble();
      boxes.add(
          new RegionBox(
              x,
              y,
              x + 0.001 + (0.999 - x) * random.nextDouble(),
              y + 0.001 + (0.999 - y) * random.nextDouble()));
    }

    FeatureMap map =
        new FeatureMap(
            "test",
            new Size(WIDTH, HEIGHT),
            CHANNELS,
            Nd4j.createFromArray(values).reshape('c', HEIGHT * WIDTH, CHANNELS).dup('c'));

    for (int side : new int[] {1, 3, 7}) {
      float[] pooled = new RoiPooling(side).pool(map, boxes);
      assertThat(pooled).hasSize(boxes.size() * side * side * CHANNELS);
      int at = 0;

      for (RegionBox box : boxes) {
        for (int part = 0; part < side * side; part++) {
          for (int c = 0; c < CHANNELS; c++) {
            assertThat(pooled[at++]).isEqualTo(naive(values, box, side, part, c));
          }
        }
      }
    }
  }

  private static float naive(float[] values, RegionBox box, int side, int part, int channel) {
    float largest = Float.NEGATIVE_INFINITY;

    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        if (holds(box.x1(), box.x2(), WIDTH, side, part % side, x)
            && holds(box.y1(), box.y2(), HEIGHT, side, part / side, y)) {
          largest = Math.max(largest, values[(y * WIDTH + x) * CHANNELS + channel]);
        }
      }
    }

    return largest;
  }

  /** Whether a cell overlaps the part's real interval inside the rounded region. */
  private static boolean holds(double from, double to, int cells, int side, int part, int cell) {
    double first = Math.min(cells - 1, Math.rint(from * cells));
    double last = Math.max(first + 1, Math.rint(to * cells));
    double start = first + part * (last - first) / side;
    double end = first + (part + 1) * (last - first) / side;
    return cell + 1 > start + 1e-9 && cell < end - 1e-9;
  }
}

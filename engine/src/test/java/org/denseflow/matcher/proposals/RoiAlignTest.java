package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** On a map that is linear in x and y a part's feature is the map at the part's centre. */
class RoiAlignTest {
  private static final int HEIGHT = 8;
  private static final int WIDTH = 10;

  @Test
  void aLinearMapIsReadAtThePartsCentres() {
    float[] values = new float[2 * HEIGHT * WIDTH];

    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      values[2 * i] = i % WIDTH + 0.5f;
      values[2 * i + 1] = 3 * (i / WIDTH + 0.5f) - (i % WIDTH + 0.5f);
    }

    FeatureMap map =
        new FeatureMap(
            "test",
            new Size(WIDTH, HEIGHT),
            2,
            Nd4j.createFromArray(values).reshape('c', HEIGHT * WIDTH, 2).dup('c'));
    List<RegionBox> boxes =
        List.of(new RegionBox(0.1, 0.1, 0.9, 0.9), new RegionBox(0.33, 0.41, 0.37, 0.8));
    float[] pooled = new RoiAlign(3).pool(map, boxes);
    int at = 0;

    for (RegionBox box : boxes) {
      for (int part = 0; part < 9; part++) {
        double x = WIDTH * (box.x1() + box.width() * (part % 3 + 0.5) / 3);
        double y = HEIGHT * (box.y1() + box.height() * (part / 3 + 0.5) / 3);
        assertThat(pooled[at++]).isCloseTo((float) x, within(1e-5f));
        assertThat(pooled[at++]).isCloseTo((float) (3 * y - x), within(1e-5f));
      }
    }
  }

  @Test
  void beyondTheOutermostCentresTheMapIsConstant() {
    float[] values = {1, 2, 3, 4};
    FeatureMap map =
        new FeatureMap(
            "test", new Size(2, 2), 1, Nd4j.createFromArray(values).reshape('c', 4, 1).dup('c'));
    float[] pooled = new RoiAlign(1).pool(map, List.of(new RegionBox(0, 0, 0.2, 0.2)));
    assertThat(pooled).containsExactly(1);
  }
}

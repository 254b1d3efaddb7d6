package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.weights.HalfFloat;
import org.junit.jupiter.api.Test;

class StoredCellsTest {
  private static final Size IMAGE = new Size(640, 480);
  private static final Size GRID = new Size(3, 2);

  @Test
  void featuresAreReadAsTheyWereStored() {
    CellFeatures wide =
        new CellFeatures(
            IMAGE, List.of(map("fine", 4, 1), map("coarse", 2, 2)), List.of(map("fine", 4, 3)));

    try (ImageFeatures narrow = wide.narrowed()) {
      StoredCells stored = StoredCells.of((CellFeatures) narrow);
      assertThat(stored.values()).hasSize(2 * 6 * (4 + 2 + 4));
      ByteBuffer numbers = ByteBuffer.wrap(stored.values()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(numbers.getShort(2)).isEqualTo(HalfFloat.of(drawn(4, 1)[1]));
      assertThat(numbers.getShort(2 * 24)).isEqualTo(HalfFloat.of(drawn(2, 2)[0]));

      try (CellFeatures read = stored.features()) {
        assertThat(read.size()).isEqualTo(IMAGE);
        assertThat(read.maps()).extracting(FeatureMap::tap).containsExactly("fine", "coarse");
        assertThat(read.mirrored()).extracting(FeatureMap::grid).containsExactly(GRID);
        assertThat(read.vectors())
            .zipSatisfy(narrow.vectors(), (a, b) -> assertThat((Object) a).isEqualTo(b));
        assertThat(StoredCells.of(read).values()).isEqualTo(stored.values());
      }
    }
  }

  @Test
  void damagedFeaturesAreRefused() {
    List<StoredCells.Layer> maps = List.of(new StoredCells.Layer("tap", 4, false));
    byte[] right = new byte[2 * 6 * 4];

    for (int length : new int[] {0, 47, 50}) {
      assertThatThrownBy(() -> new StoredCells(IMAGE, GRID, maps, new byte[length]))
          .hasMessageContaining(length + " bytes for a grid of 3x2 with 4 channels");
    }

    Size huge = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThatThrownBy(() -> new StoredCells(IMAGE, huge, maps, right))
        .hasMessageContaining("48 bytes");
    assertThatThrownBy(() -> new StoredCells(IMAGE, GRID, List.of(), right))
        .hasMessageContaining("expected maps");
    List<StoredCells.Layer> negative =
        List.of(maps.get(0), new StoredCells.Layer("other", -4, false), maps.get(0));
    assertThatThrownBy(() -> new StoredCells(IMAGE, GRID, negative, right))
        .hasMessageContaining("expected maps with channels");

    for (short bits : new short[] {0x7c00, (short) 0xfc00, 0x7e00}) {
      byte[] values = right.clone();
      ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putShort(10, bits);
      StoredCells stored = new StoredCells(IMAGE, GRID, maps, values);
      assertThatThrownBy(stored::features).hasMessageContaining("number 5 is not finite");
    }

    try (CellFeatures wide = new CellFeatures(IMAGE, List.of(map("tap", 4, 1)))) {
      assertThatThrownBy(() -> StoredCells.of(wide)).hasMessageContaining("found FLOAT");
    }
  }

  private static FeatureMap map(String tap, int channels, int seed) {
    return FeatureMap.of(tap, GRID, channels, drawn(channels, seed));
  }

  private static float[] drawn(int channels, int seed) {
    Random random = new Random(seed);
    float[] values = new float[GRID.cells() * channels];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    return values;
  }
}

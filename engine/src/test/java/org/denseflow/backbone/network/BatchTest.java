package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an image's features are does not depend on the images beside it. */
class BatchTest {

  @ParameterizedTest
  @CsvSource({"denseflow_s, 4", "squeezenet1_1, 3", "resnet50_v2, 2", "vgg16, 2"})
  void anImageIsTheSameAloneAndAmongOthers(String name, int size) {
    List<FloatImage> images = images(size);

    try (BackboneBench bench = new BackboneBench(name)) {
      Backbone backbone = bench.backbone();
      List<FloatImage> reversed = new ArrayList<>(images);
      java.util.Collections.reverse(reversed);
      List<List<FeatureMap>> together = backbone.extract(images);
      List<List<FeatureMap>> inOtherOrder = backbone.extract(reversed);

      for (int i = 0; i < size; i++) {
        float[] alone = values(backbone.extract(List.of(images.get(i))).get(0));
        assertThat(values(together.get(i))).containsExactly(alone);
        assertThat(values(inOtherOrder.get(size - 1 - i))).containsExactly(alone);
      }
    }
  }

  @Test
  void imagesOfUnequalSizesShareNoBatch() {
    try (BackboneBench bench = new BackboneBench("denseflow_s")) {
      List<FloatImage> images =
          Stream.of(64, 80)
              .map(side -> new FloatImage(side, 64, new float[3 * side * 64]))
              .toList();
      assertThatThrownBy(() -> bench.backbone().extract(images))
          .hasMessageContaining("different sizes: 64x64 and 80x64");
    }
  }

  private static float[] values(List<FeatureMap> maps) {
    try (FeatureMap map = maps.get(0)) {
      return map.values().dup('c').data().asFloat();
    }
  }

  private static List<FloatImage> images(int size) {
    Random random = new Random(size);
    List<FloatImage> images = new ArrayList<>();

    for (int i = 0; i < size; i++) {
      float[] values = new float[3 * 144 * 112];

      for (int v = 0; v < values.length; v++) {
        values[v] = 255 * random.nextFloat();
      }

      images.add(new FloatImage(144, 112, values));
    }

    return images;
  }
}

package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.denseflow.image.Orientation;
import org.junit.jupiter.api.Test;

class OrientationOfLayoutsTest {

  @Test
  void benchmarksAnnotateStoredPixels() {
    Set<String> own = Set.of("pairs", "images", "folder");
    assertThat(Datasets.layoutNames()).containsAll(own);

    for (String name : Datasets.layoutNames()) {
      assertThat(Datasets.orientation(name + ":anywhere"))
          .as(name)
          .isEqualTo(own.contains(name) ? Orientation.UPRIGHT : Orientation.STORED);
    }
  }
}

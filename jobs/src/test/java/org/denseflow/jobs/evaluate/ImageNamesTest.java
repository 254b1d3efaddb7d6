package org.denseflow.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNamesTest {
  @ParameterizedTest
  @CsvSource({
    "/data, /data/cat/1.jpg, /data/cat/1.jpg, true",
    "/data, /data/cat/1.jpg, s3a://bucket/elsewhere/cat/1.jpg, true",
    "/data, /data/cat/1.jpg, /data/dog/1.jpg, false",
    "/data, /data/1.jpg, /elsewhere/11.jpg, false",
    "/data/list.csv, /data/cat/1.jpg, /moved/cat/1.jpg, true",
    "/data, s3a://bucket/cat/1.jpg, s3a://other/1.jpg, true",
    "/data, s3a://bucket/cat/1.jpg, s3a://bucket/cat/2.jpg, false"
  })
  void aRowIsOfAPairsImagesWhereverTheDatasetLies(
      String root, String own, String other, boolean same) {
    ImagePair pair = pair("x", own, root + "/b.jpg");
    ImageNames names = ImageNames.below(root);

    assertThat(names.match(pair, other, root + "/b.jpg")).isEqualTo(same);
    assertThat(names.match(pair, root + "/b.jpg", other)).isFalse();
  }

  private static ImagePair pair(String id, String source, String target) {
    return new ImagePair(id, source, target, "", PairAnnotation.NONE);
  }
}

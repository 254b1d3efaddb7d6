package org.denseflow.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joins by pair id: a and b are listed both ways, a and c one way and twice. */
class FlowRowsTest {
  private static final List<ImagePair> PAIRS =
      List.of(
          pair("ab", "a", "b"), pair("ba", "b", "a"), pair("ac", "a", "c"), pair("ac#2", "a", "c"));

  @Test
  void aForwardProtocolReadsThePairsOwnRow() {
    FlowRows rows = FlowRows.of(PAIRS, false);

    assertThat(served(rows, "ab")).containsExactly("ab");
    assertThat(served(rows, "ac#2")).containsExactly("ac#2");
    assertThat(served(rows, "ac/swapped")).isEmpty();
  }

  @Test
  void aBackwardProtocolReadsAListedPairTheOtherWayRoundBeforeASwappedOne() {
    FlowRows rows = FlowRows.of(PAIRS, true);

    assertThat(served(rows, "ba")).containsExactly("ab");
    assertThat(served(rows, "ab/swapped")).containsExactly("ab");
    assertThat(rows.of("ba").get(0).rank()).isLessThan(rows.of("ab/swapped").get(0).rank());
    assertThat(served(rows, "ac")).isEmpty();
    assertThat(served(rows, "ac/swapped")).containsExactly("ac", "ac#2");
  }

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

  private static List<String> served(FlowRows rows, String id) {
    return rows.of(id).stream().map(wanted -> wanted.pair().pairId()).toList();
  }

  private static ImagePair pair(String id, String source, String target) {
    return new ImagePair(id, source, target, "", PairAnnotation.NONE);
  }
}

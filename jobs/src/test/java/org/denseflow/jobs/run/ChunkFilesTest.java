package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkFilesTest {
  private static final String BEFORE =
      "part-00007-2dd664f9-d2c4-4ffe-878f-c6c70c1fb0cb-c000.snappy.parquet";
  private static final String FIRST = part("0-00000000000a");
  private static final String SECOND = part("1-00000000000b");
  private static final String THIRD = part("2-00000000000c");

  private static String part(String attempt) {
    return "part-%s-00000-2dd664f9-d2c4-4ffe-878f-c6c70c1fb0cb-c000.snappy.parquet"
        .formatted(attempt);
  }

  @Test
  void theNewestMarkerCounts() {
    assertThat(ChunkFiles.of(List.of("_SUCCESS.2", "_SUCCESS", "_SUCCESS.10")).generation())
        .isEqualTo(10);
    assertThat(ChunkFiles.of(List.of("_SUCCESS")).generation()).isZero();
    assertThat(ChunkFiles.of(List.of("._SUCCESS.a.unfinished", "_SUCCESS.crc", FIRST)).generation())
        .isEqualTo(ChunkFiles.NONE);
    assertThat(ChunkFiles.marker(0)).isEqualTo("_SUCCESS");
    assertThat(ChunkFiles.marker(2)).isEqualTo("_SUCCESS.2");
  }

  @Test
  void filesAreAttemptsByName() {
    assertThat(ChunkFiles.attempt(FIRST)).isEqualTo("0-00000000000a");
    assertThat(ChunkFiles.attempt(BEFORE)).isEmpty();
    assertThat(ChunkFiles.of(List.of(FIRST, THIRD, BEFORE)).written()).isEqualTo(2);
  }

  @Test
  void onlyWhatNoMarkerCanNameIsDead() {
    ChunkFiles found = ChunkFiles.of(List.of("_SUCCESS.1", BEFORE, FIRST, SECOND, THIRD));
    assertThat(found.isSettled()).isFalse();
    assertThat(found.dead(new ChunkMarker("1-00000000000b", List.of(SECOND))))
        .containsExactly(BEFORE, FIRST);
  }

  @Test
  void oneAttemptOfThisGenerationOrOneBeforeNeedsNoLookAtTheMarker() {
    assertThat(ChunkFiles.of(List.of("_SUCCESS", BEFORE)).isSettled()).isTrue();
    assertThat(ChunkFiles.of(List.of("_SUCCESS", "_SUCCESS.1", FIRST)).isSettled()).isTrue();
    assertThat(ChunkFiles.of(List.of("_SUCCESS", SECOND)).isSettled()).isFalse();
  }

  @Test
  void picturesOfPairsAreNoPartsWhateverTheirName() {
    assertThat(ChunkFiles.of(List.of("part-1.flo", "part-1.flow.png")).parts()).isEmpty();
  }

  @Test
  void aMarkerIsReadAsItWasWritten() {
    ChunkMarker marker = new ChunkMarker("1-00000000000b", List.of(SECOND));
    assertThat(ChunkMarker.parse(marker.text())).isEqualTo(marker);
  }
}

package org.denseflow.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.jobs.bench.EndToEndBench.PairList;
import org.denseflow.jobs.bench.EndToEndBench.Report;
import org.denseflow.jobs.bench.EndToEndBench.Stages;
import org.junit.jupiter.api.Test;

class EndToEndBenchTest {
  private static final List<Path> IMAGES =
      IntStream.range(0, 1200).mapToObj(i -> Path.of("image-" + i + ".png")).toList();

  @Test
  void ofOneToOneEachImageIsInOnePair() {
    List<String> lines = PairList.ONE_TO_ONE.lines(IMAGES);
    assertThat(lines).hasSize(601).startsWith("source,target", "image-0.png,image-1.png");
    assertThat(lines.stream().skip(1).flatMap(line -> List.of(line.split(",")).stream()))
        .hasSize(1200)
        .doesNotHaveDuplicates();
  }

  @Test
  void ofAllPairsEachImageMeetsEachOther() {
    List<String> lines = PairList.ALL_PAIRS.lines(IMAGES);
    assertThat(lines).hasSize(1 + 20_592).doesNotHaveDuplicates();
    assertThat(lines).contains("image-0.png,image-143.png", "image-143.png,image-0.png");
    assertThat(lines).doesNotContain("image-3.png,image-3.png", "image-0.png,image-144.png");
  }

  /**
   * 1,200 · 20 + 600 · (5 + 3) = 28,800 ms for 600 pairs; 144 · 20 + 20,592 · 8 = 167,616 for
   * 20,592.
   */
  @Test
  void theFloorIsTheTimeOfTheStagesDividedAmongTheCores() {
    Stages stages = new Stages(20, 5, 3);
    assertThat(stages.pairsPerSecond(PairList.ONE_TO_ONE, 1)).isCloseTo(20.8333, within(1e-4));
    assertThat(stages.pairsPerSecond(PairList.ALL_PAIRS, 2)).isCloseTo(245.7045, within(1e-4));
  }

  @Test
  void theJobSaysHowFastItWas() {
    String log =
        "pairs 150/150, 14.9 pairs/s, ETA 0s, failed 0, chunks 0/1\n"
            + "computed: 150 pairs in 10.1 s, 14.9 pairs/s; described 300 images\ndone: 150 pairs";
    assertThat(Report.of(log)).isEqualTo(new Report(10.1, 14.9));
    assertThatThrownBy(() -> Report.of("The job failed: no space left"))
        .hasMessageContaining("no space left");
  }
}

package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Keypoints;
import org.denseflow.metrics.Pck;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the list on disk to a score: PF-WILLOW under a flow that moves nothing. */
class RealScoresTest {

  private static final FlowField IDENTITY =
      new FlowField(1, 1, new float[2], new float[1], new boolean[] {true});

  private static final List<ImagePair> PAIRS = new ArrayList<>();
  private static final Map<String, int[]> SIZES = new HashMap<>();

  @BeforeAll
  static void open() {
    FileStore files = new HadoopFileStore(new Configuration());
    PAIRS.addAll(Datasets.open("pf-willow:" + SharedData.folder("pf-willow"), files).pairs());

    for (ImagePair pair : PAIRS) {
      // a PNG's width and height are the big-endian integers at bytes 16 and 20
      ByteBuffer header = ByteBuffer.wrap(files.read(pair.source()));
      SIZES.put(pair.source(), new int[] {header.getInt(16), header.getInt(20)});
    }
  }

  /** Expected values: the same scores computed with numpy straight from the list. */
  @ParameterizedTest
  @CsvSource({
    "pf-willow/bbox-kp,       0.059556, 0.178667, 0.342889",
    "pf-willow/proposal-flow, 0.059333, 0.178667, 0.342889",
    "pf-willow/weakalign-pf,  0.059333, 0.178667, 0.342889",
    "pf-pascal/scnet-224,     0.082222, 0.271556, 0.496000",
  })
  void agreesWithAnIndependentComputation(String name, double a, double b, double c) {
    Protocol protocol = Protocols.named(name);

    List<Pck.Score> scores = score(protocol);

    assertThat(scores).hasSize(450);
    assertThat(scores.stream().mapToInt(Pck.Score::valid).sum()).isEqualTo(4500);
    // one point of 4500 may fall on the other side of a threshold by rounding
    assertThat(mean(scores, 0)).isCloseTo(a, within(0.0003));
    assertThat(mean(scores, 1)).isCloseTo(b, within(0.0003));
    assertThat(mean(scores, 2)).isCloseTo(c, within(0.0003));
  }

  @Test
  void everyKeypointLiesInItsImage() {
    for (ImagePair pair : PAIRS) {
      int[] size = SIZES.get(pair.source());
      Keypoints points = pair.annotation().source().keypoints().orElseThrow();
      assertThat(IntStream.range(0, points.size()).filter(points::present))
          .allMatch(k -> points.inside(k, size[0], size[1]));
    }
  }

  private static double mean(List<Pck.Score> scores, int alpha) {
    return scores.stream().mapToDouble(score -> score.pck(alpha)).average().orElseThrow();
  }

  private static List<Pck.Score> score(Protocol protocol) {
    List<Pck.Score> scores = new ArrayList<>();

    for (ImagePair pair : PAIRS) {
      int[] s = SIZES.get(pair.source());
      int[] t = SIZES.get(pair.target());
      PairKeypoints keypoints =
          pair.keypoints(new Size(s[0], s[1]), new Size(t[0], t[1])).orElseThrow();
      scores.add(Pck.score(protocol, IDENTITY, keypoints.pair()));
    }
    return scores;
  }
}

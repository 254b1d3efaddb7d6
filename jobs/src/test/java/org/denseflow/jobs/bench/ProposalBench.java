package org.denseflow.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.proposals.LocalOffsetParameters;
import org.denseflow.matcher.proposals.OffsetParameters;
import org.denseflow.matcher.proposals.RegionMatching;
import org.denseflow.matcher.proposals.VotingParameters;
import org.denseflow.proposals.ProposalParameters;
import org.denseflow.proposals.Proposals;
import org.denseflow.proposals.RegionBox;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matching 1000 x 1000 regions whose features are there; and proposing them. */
final class ProposalBench {
  private static final int REGIONS = 1000;
  private static final int SIDE = 320;

  /** A job matches millions of pairs, so that what the compiler does at first does not count. */
  private static final int WARM_UP = 150;

  /** Of a region's embedding (SCNet, Section 4). */
  private static final int LENGTH = 2048;

  static final VotingParameters VOTING =
      new VotingParameters(
          new OffsetParameters(OffsetParameters.Reference.REGION, 0.05, 0.5, 4, 2),
          0,
          0.01,
          VotingParameters.Ballot.EVERY_MATCH,
          1);

  private final Random random = new Random(3);
  private final List<RegionBox> source = boxes(random, REGIONS);
  private final List<RegionBox> target = boxes(random, REGIONS);
  private final List<FeatureMap> own = List.of(features());
  private final List<FeatureMap> other = List.of(features());

  private final Optional<VotingParameters> voting = Optional.of(VOTING);
  private final Optional<LocalOffsetParameters> local =
      Optional.of(new LocalOffsetParameters(16, 1, 0.5));

  List<BenchRow> rows() {
    List<BenchRow> rows = new ArrayList<>();

    try (BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT)) {
      double floor =
          Stopwatch.bestMillis(() -> correlation.correlate(own, List.of(other), volume -> {}));
      rows.add(match("nam", correlation, Optional.empty(), Optional.empty(), floor));
      rows.add(match("phm", correlation, voting, Optional.empty(), floor));
      rows.add(match("lom", correlation, voting, local, floor));
    }

    rows.add(memory());
    rows.add(proposals());
    return rows;
  }

  private BenchRow match(
      String name,
      BlockCorrelation correlation,
      Optional<VotingParameters> geometry,
      Optional<LocalOffsetParameters> neighbours,
      double floor) {
    RegionMatching matching = new RegionMatching(geometry, neighbours);
    float[] cosine = new float[REGIONS * REGIONS];

    for (int i = 0; i < cosine.length; i++) {
      cosine[i] = random.nextFloat() - 0.5f;
    }

    for (int run = 0; run < WARM_UP; run++) {
      matching.match(source, target, cosine, cosine);
    }

    return BenchRow.of(
        name + ", 1000x1000 regions of 2048, appearance and geometry, per pair (floor: cosines)",
        Stopwatch.bestMillis(
            () ->
                correlation.correlate(
                    own,
                    List.of(other),
                    volume -> matching.match(source, target, volume.values(), volume.values()))),
        "ms",
        floor);
  }

  /** What matching keeps on the heap from pair to pair. */
  private BenchRow memory() {
    float[] cosine = new float[REGIONS * REGIONS];
    long before = used();
    RegionMatching matching = new RegionMatching(voting, local);
    matching.match(source, target, cosine, cosine);
    double kept = (used() - before) / 1e6;
    matching.match(source, target, cosine, cosine);
    return BenchRow.of(
        "phm and lom, memory beside features and cosines (floor: cosines)",
        kept,
        "MB",
        4e-6 * cosine.length);
  }

  private BenchRow proposals() {
    byte[] pixels = new byte[3 * SIDE * SIDE];

    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      pixels[i] = (byte) ((x / 40 * 67 + y / 40 * 101 + i % 3 * 31) % 200 + random.nextInt(20));
    }

    RgbImage image = new RgbImage(SIDE, SIDE, pixels);
    double prim = propose(ProposalParameters.Kind.RANDOMISED_PRIM, image);
    double uniform = propose(ProposalParameters.Kind.UNIFORM, image);
    return BenchRow.of(
        "1000 proposals of randomised Prim, 320x320, per image (floor: uniform)",
        prim,
        "ms",
        uniform);
  }

  private static double propose(ProposalParameters.Kind kind, RgbImage image) {
    Proposals proposals = new Proposals(new ProposalParameters(kind, REGIONS, 0.01, 0.06, 1));
    return Stopwatch.bestMillis(() -> proposals.of(image));
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** So many boxes of 5 to 30 percent of the sides. */
  static List<RegionBox> boxes(Random random, int count) {
    List<RegionBox> boxes = new ArrayList<>();

    for (int i = 0; i < count; i++) {
      double x = 0.7 * random.nextDouble();
      double y = 0.7 * random.nextDouble();
      boxes.add(
          new RegionBox(
              x, y, x + 0.05 + 0.25 * random.nextDouble(), y + 0.05 + 0.25 * random.nextDouble()));
    }

    return boxes;
  }

  private static FeatureMap features() {
    INDArray values = Nd4j.rand(REGIONS, LENGTH).subi(0.5);
    values.diviColumnVector(values.norm2(true, 1));
    return new FeatureMap("random", new Size(1, REGIONS), LENGTH, values);
  }
}

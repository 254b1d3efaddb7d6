package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowFormatException;
import org.denseflow.flow.PixelFlow;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.Polygons;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.MaskScores;
import org.denseflow.metrics.Pck;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;
import org.denseflow.metrics.RegionScore;
import org.denseflow.metrics.TssScore;
import org.denseflow.proposals.RegionMatch;
import org.denseflow.transfer.MaskTransfer;

/**
 * Scores one pair under one protocol. Which row of the flow table a protocol reads, the pair's own
 * or that of the swapped pair, is {@link #swapped}.
 */
final class Scorer implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int[] TSS_THRESHOLDS = {1, 2, 3, 5, 10};

  private final String protocol;

  Scorer(String protocol) {
    this.protocol = protocol;

    if (!Protocols.isPck(protocol) && !procedures().contains(protocol)) {
      // Throws with the list of names where there is no such protocol at all.
      Protocols.describe(protocol);
      throw new UsageException("Protocol %s is not scored by EvaluateJob yet".formatted(protocol));
    }
  }

  String protocol() {
    return protocol;
  }

  /** Whether the protocol reads the flow on the target's grid, that is the swapped pair's row. */
  boolean swapped() {
    return Protocols.isPck(protocol)
        ? Protocols.named(protocol).direction() == Protocol.Direction.TARGET_TO_SOURCE
        : protocol.startsWith("caltech101/");
  }

  /** Why no pair at all could be scored, and what to do. */
  String whyNone() {
    if (protocol.equals(Protocols.REGIONS)) {
      return "No pair could be scored: this protocol reads matched regions; run nam, phm, lom or SCNet"
          + " with --write intermediate";
    }

    return swapped()
        ? "No pair could be scored: this protocol reads the flow of the swapped pair; run with"
            + " --dataset LAYOUT:URI?directions=both"
        : "No pair could be scored: the run and the dataset have no annotated pair in common";
  }

  /** Scores a pair; empty where it has no annotation for this protocol. */
  Optional<PairScore> score(ImagePair pair, Row row, Configuration configuration) {
    if (Protocols.isPck(protocol)) {
      return keypoints(pair, row);
    }

    if (protocol.equals(Protocols.REGIONS)) {
      return regions(pair, row);
    }

    HadoopFileStore files = new HadoopFileStore(configuration);
    return protocol.equals(Protocols.TSS_KIT) ? tss(pair, row, files) : caltech(pair, row);
  }

  private static List<String> procedures() {
    return List.of(
        Protocols.TSS_KIT, Protocols.CALTECH_CLEAN, Protocols.CALTECH_ROCCO, Protocols.REGIONS);
  }

  private Optional<PairScore> keypoints(ImagePair pair, Row row) {
    int[] sizes = sizes(row);
    Optional<KeypointPair> annotated =
        swapped()
            ? pair.keypointPair(sizes[2], sizes[3], sizes[0], sizes[1])
            : pair.keypointPair(sizes[0], sizes[1], sizes[2], sizes[3]);
    Protocol named = Protocols.named(protocol);
    return annotated.map(
        keypoints -> {
          Pck.Score score = Pck.score(named, FlowTable.flow(row), keypoints);
          List<String> metrics = new ArrayList<>();
          List<Double> values = new ArrayList<>();

          for (int a = 0; a < named.alphas().size(); a++) {
            metrics.add(String.format(Locale.ROOT, "pck@%.2f", named.alphas().get(a)));
            values.add(score.pck(a));
          }

          return new PairScore(
              pair.pairId(), pair.category(), protocol, metrics, values, score.valid());
        });
  }

  private Optional<PairScore> regions(ImagePair pair, Row row) {
    List<RegionMatch> matches = FlowTable.regions(row);
    int[] s = sizes(row);
    return pair.keypointPair(s[0], s[1], s[2], s[3])
        .flatMap(keypoints -> RegionScore.truth(keypoints, 0))
        .filter(warp -> !matches.isEmpty())
        .map(warp -> RegionScore.of(matches, warp))
        .map(
            score ->
                new PairScore(
                    pair.pairId(),
                    pair.category(),
                    protocol,
                    RegionCurves.names(),
                    RegionCurves.values(score),
                    score.regions()));
  }

  private Optional<PairScore> tss(ImagePair pair, Row row, HadoopFileStore files) {
    ImageAnnotation source = pair.annotation().source();
    ImageAnnotation target = pair.annotation().target();

    if (source.flowUri().isEmpty() || target.flowUri().isEmpty()) {
      return Optional.empty();
    }

    int[] s = sizes(row);
    FlowField flow = FlowTable.flow(row);
    PixelFlow truth = flo(files, source.flowUri().get());
    PixelFlow other = flo(files, target.flowUri().get());
    double[] accuracy =
        TssScore.flowAccuracy(
            PixelFlow.of(flow, s[0], s[1], s[2], s[3]),
            new TssScore.Size(s[2], s[3]),
            truth,
            new TssScore.Size(other.width(), other.height()));
    List<String> metrics = new ArrayList<>();
    List<Double> values = new ArrayList<>();

    for (int threshold : TSS_THRESHOLDS) {
      metrics.add("flow-acc@" + threshold);
      values.add(accuracy[threshold - 1]);
    }

    if (source.maskUri().isPresent() && target.maskUri().isPresent()) {
      Mask transferred =
          MaskTransfer.transfer(mask(files, target.maskUri().get()), flow, s[0], s[1]);
      metrics.add("iou");
      values.add(TssScore.iou(transferred, mask(files, source.maskUri().get())));
    }

    return Optional.of(new PairScore(pair.pairId(), pair.category(), protocol, metrics, values, 1));
  }

  /** The row is the swapped pair's: its source is the pair's target, whose pixels are labelled. */
  private Optional<PairScore> caltech(ImagePair pair, Row row) {
    if (pair.annotation().source().polygons().isEmpty()
        || pair.annotation().target().polygons().isEmpty()) {
      return Optional.empty();
    }

    int[] s = sizes(row);
    FlowField flow = FlowTable.flow(row);
    Mask truth = Polygons.rasterise(pair.annotation().target().polygons(), s[0], s[1]);
    Mask source = Polygons.rasterise(pair.annotation().source().polygons(), s[2], s[3]);
    Mask transferred = MaskTransfer.transfer(source, flow, s[0], s[1]);
    MaskScores.LocErr variant =
        protocol.equals(Protocols.CALTECH_ROCCO)
            ? MaskScores.LocErr.ROCCO
            : MaskScores.LocErr.CLEAN;
    return Optional.of(
        new PairScore(
            pair.pairId(),
            pair.category(),
            protocol,
            List.of("lt-acc", "iou", "loc-err"),
            List.of(
                MaskScores.labelTransferAccuracy(transferred, truth),
                MaskScores.iou(transferred, truth),
                MaskScores.localisationError(variant, flow, truth, source)),
            1));
  }

  private static int[] sizes(Row row) {
    return new int[] {
      row.getAs("source_width"),
      row.getAs("source_height"),
      row.getAs("target_width"),
      row.getAs("target_height")
    };
  }

  private static PixelFlow flo(HadoopFileStore files, String uri) {
    try {
      return FloFile.read(files.read(uri));
    } catch (FlowFormatException e) {
      throw new UsageException(uri + ": " + e.getMessage());
    }
  }

  private static Mask mask(HadoopFileStore files, String uri) {
    try {
      return MaskDecoder.decode(files.read(uri), ImageLimits.DEFAULT);
    } catch (ImageException e) {
      throw new UsageException(uri + ": " + e.getMessage());
    }
  }
}

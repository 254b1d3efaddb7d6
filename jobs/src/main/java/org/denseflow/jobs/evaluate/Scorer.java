package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowFormatException;
import org.denseflow.flow.PixelFlow;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.AnnotationFit;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.jobs.dataset.PairKeypoints;
import org.denseflow.jobs.dataset.Polygons;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.metrics.MaskScores;
import org.denseflow.metrics.Pck;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;
import org.denseflow.metrics.RegionScore;
import org.denseflow.metrics.TssScore;
import org.denseflow.proposals.RegionMatch;
import org.denseflow.transfer.MaskTransfer;

/** Scores one pair under one protocol; which row of a run it reads is found by {@link FlowRows}. */
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
    return Protocols.readsSwapped(protocol);
  }

  /** Whether the protocol reads matched regions. */
  boolean readsRegions() {
    return protocol.equals(Protocols.REGIONS);
  }

  /** The names of the protocol's metrics. */
  List<String> metrics() {
    return switch (protocol) {
      case Protocols.TSS_KIT ->
          Stream.concat(
                  IntStream.of(TSS_THRESHOLDS).mapToObj(threshold -> "flow-acc@" + threshold),
                  Stream.of("iou"))
              .toList();
      case Protocols.CALTECH_CLEAN, Protocols.CALTECH_ROCCO -> List.of("lt-acc", "iou", "loc-err");
      case Protocols.REGIONS -> RegionCurves.names();
      default ->
          Protocols.named(protocol).alphas().stream()
              .map(alpha -> String.format(Locale.ROOT, "pck@%.2f", alpha))
              .toList();
    };
  }

  /** Scores a pair by a row of its images, if it has a flow. */
  PairOutcome score(ImagePair pair, Row row, Configuration configuration) {
    return switch (row.<String>getAs("status")) {
      case FlowTable.OK -> scoreFlow(pair, row, configuration);
      case FlowTable.FAILED ->
          unscored(
              pair,
              UnscoredReason.FAILED,
              row.<String>getAs("error_code") + ": " + row.<String>getAs("error_detail"));
      case Evaluation.WITHOUT_STEP -> unscored(pair, UnscoredReason.NO_STEP);
      default ->
          throw new IllegalStateException(
              "Pair %s has the status %s".formatted(pair.pairId(), row.<String>getAs("status")));
    };
  }

  /** A pair without scores. */
  PairOutcome unscored(ImagePair pair, UnscoredReason reason) {
    return unscored(pair, reason, "");
  }

  private PairOutcome unscored(ImagePair pair, UnscoredReason reason, String detail) {
    return new UnscoredPair(pair.pairId(), pair.category(), protocol, reason, detail);
  }

  private PairOutcome scored(ImagePair pair, List<Double> values, long points) {
    return scored(pair, values, points, KeypointTally.NONE);
  }

  private PairOutcome scored(
      ImagePair pair, List<Double> values, long points, KeypointTally tally) {
    return values.stream().allMatch(value -> value.isNaN())
        ? unscored(pair, UnscoredReason.UNDEFINED)
        : new PairScore(pair.pairId(), pair.category(), protocol, values, points, tally);
  }

  private PairOutcome scoreFlow(ImagePair pair, Row row, Configuration configuration) {
    try {
      return switch (protocol) {
        case Protocols.TSS_KIT -> tss(pair, row, new HadoopFileStore(configuration));
        case Protocols.CALTECH_CLEAN, Protocols.CALTECH_ROCCO -> caltech(pair, row);
        case Protocols.REGIONS -> regions(pair, row);
        default -> keypoints(pair, row);
      };
    } catch (DatasetException e) {
      return unscored(pair, UnscoredReason.UNSUITED, e.getMessage());
    }
  }

  private static List<String> procedures() {
    return List.of(
        Protocols.TSS_KIT, Protocols.CALTECH_CLEAN, Protocols.CALTECH_ROCCO, Protocols.REGIONS);
  }

  private PairOutcome keypoints(ImagePair pair, Row row) {
    Protocol named = Protocols.named(protocol);
    Optional<PairKeypoints> annotated = keypoints(pair, row, swapped());

    if (annotated.isEmpty()) {
      return unscored(pair, UnscoredReason.NO_KEYPOINTS);
    }

    FlowField flow = FlowTable.flow(row);

    try {
      Pck.Score score = Pck.score(named, flow, annotated.get().pair());
      return counted(pair, annotated.get().tally(), named.alphas().size(), score);
    } catch (IllegalArgumentException e) {
      return unscored(pair, UnscoredReason.UNSUITED, e.getMessage());
    }
  }

  private static Optional<PairKeypoints> keypoints(ImagePair pair, Row row, boolean swapped) {
    Size grid = FlowTable.source(row);
    Size other = FlowTable.target(row);
    return swapped ? pair.keypoints(other, grid) : pair.keypoints(grid, other);
  }

  private PairOutcome counted(ImagePair pair, KeypointTally tally, int alphas, Pck.Score score) {
    if (score.valid() == 0) {
      return unscored(pair, UnscoredReason.NO_COMMON_KEYPOINT);
    }

    return score.length() > 0
        ? scored(
            pair, IntStream.range(0, alphas).mapToObj(score::pck).toList(), score.valid(), tally)
        : unscored(pair, UnscoredReason.NO_LENGTH);
  }

  private PairOutcome regions(ImagePair pair, Row row) {
    List<RegionMatch> matches = FlowTable.regions(row);
    Optional<PairKeypoints> keypoints = keypoints(pair, row, false);

    if (matches.isEmpty() || keypoints.isEmpty()) {
      return unscored(
          pair, matches.isEmpty() ? UnscoredReason.NO_REGIONS : UnscoredReason.NO_KEYPOINTS);
    }

    return RegionScore.truth(keypoints.get().pair(), 0)
        .map(warp -> counted(pair, RegionScore.of(matches, warp)))
        .orElseGet(() -> unscored(pair, UnscoredReason.NO_WARP));
  }

  private PairOutcome counted(ImagePair pair, RegionScore score) {
    return score.regions() == 0
        ? unscored(pair, UnscoredReason.NO_REGION)
        : scored(pair, RegionCurves.values(score), score.regions());
  }

  private PairOutcome tss(ImagePair pair, Row row, HadoopFileStore files) {
    ImageAnnotation source = pair.annotation().source();
    ImageAnnotation target = pair.annotation().target();

    if (source.flowUri().isEmpty() || target.flowUri().isEmpty()) {
      return unscored(pair, UnscoredReason.NO_TRUTH);
    }

    try {
      Size grid = FlowTable.source(row);
      Size pointed = FlowTable.target(row);
      FlowField flow = FlowTable.flow(row);
      PixelFlow truth = flo(files, source.flowUri().get());
      PixelFlow other = flo(files, target.flowUri().get());
      double[] accuracy =
          TssScore.flowAccuracy(PixelFlow.of(flow, grid, pointed), pointed, truth, other.size());
      List<Double> values = new ArrayList<>();
      IntStream.of(TSS_THRESHOLDS).forEach(threshold -> values.add(accuracy[threshold - 1]));
      values.add(tssIou(files, source, target, flow, grid));
      return scored(pair, values, 1);
    } catch (UsageException e) {
      return unscored(pair, UnscoredReason.BAD_TRUTH, e.getMessage());
    }
  }

  private static double tssIou(
      HadoopFileStore files,
      ImageAnnotation source,
      ImageAnnotation target,
      FlowField flow,
      Size grid) {
    if (source.maskUri().isEmpty() || target.maskUri().isEmpty()) {
      return Double.NaN;
    }

    Mask transferred = MaskTransfer.transfer(mask(files, target.maskUri().get()), flow, grid);
    return TssScore.iou(transferred, mask(files, source.maskUri().get()));
  }

  /** The row is the swapped pair's: its source is the pair's target, whose pixels are labelled. */
  private PairOutcome caltech(ImagePair pair, Row row) {
    if (pair.annotation().source().polygons().isEmpty()
        || pair.annotation().target().polygons().isEmpty()) {
      return unscored(pair, UnscoredReason.NO_OUTLINES);
    }

    Size grid = FlowTable.source(row);
    Size other = FlowTable.target(row);
    FlowField flow = FlowTable.flow(row);
    AnnotationFit.require(pair.target(), pair.annotation().target(), grid);
    AnnotationFit.require(pair.source(), pair.annotation().source(), other);
    Mask truth = Polygons.rasterise(pair.annotation().target().polygons(), grid);
    Mask source = Polygons.rasterise(pair.annotation().source().polygons(), other);
    Mask transferred = MaskTransfer.transfer(source, flow, grid);
    MaskScores.LocErr variant =
        protocol.equals(Protocols.CALTECH_ROCCO)
            ? MaskScores.LocErr.ROCCO
            : MaskScores.LocErr.CLEAN;
    return scored(
        pair,
        List.of(
            MaskScores.labelTransferAccuracy(transferred, truth),
            MaskScores.iou(transferred, truth),
            MaskScores.localisationError(variant, flow, truth, source)),
        1);
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
      return MaskDecoder.decode(
          files.read(uri), ImageLimits.DEFAULT, Orientation.STORED, MaskRule.AUTO);
    } catch (ImageException e) {
      throw new UsageException(uri + ": " + e.getMessage());
    }
  }
}

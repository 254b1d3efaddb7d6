package org.denseflow.metrics;

import static org.denseflow.metrics.Protocol.Averaging.CLASS;
import static org.denseflow.metrics.Protocol.Averaging.POINT;
import static org.denseflow.metrics.Protocol.Length.BBOX;
import static org.denseflow.metrics.Protocol.Length.BBOX_KP;
import static org.denseflow.metrics.Protocol.Length.DIAGONAL;
import static org.denseflow.metrics.Protocol.Length.IMAGE;
import static org.denseflow.metrics.Protocol.Rounding.PIXEL;
import static org.denseflow.metrics.Protocol.Side.SOURCE;
import static org.denseflow.metrics.Protocol.Side.TARGET;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.denseflow.metrics.Protocol.Direction;
import org.denseflow.metrics.Protocol.Length;
import org.denseflow.metrics.Protocol.Side;

/**
 * The conventions of published papers and code bases by name. PCK protocols are {@link Protocol}s;
 * the others name a fixed procedure: {@link #TSS_KIT} is {@link TssScore}, {@link #CALTECH_ROCCO},
 * {@link #CALTECH_CLEAN} and {@link #PARTS_IOU} are {@link MaskScores}, {@link #SYNTHETIC_EPE} is
 * {@link EndPointError}, {@link #REGIONS} is {@link RegionScore}.
 */
public final class Protocols {

  /** Flow accuracy and mask IoU exactly as the TSS evaluation kit counts them. */
  public static final String TSS_KIT = "tss/kit";

  /** LT-ACC, IoU, LOC-ERR with the mixed coordinate base of Rocco et al.'s evaluation code. */
  public static final String CALTECH_ROCCO = "caltech101/rocco";

  /** LT-ACC, IoU, LOC-ERR with one coordinate base and no truncation. */
  public static final String CALTECH_CLEAN = "caltech101/clean";

  /** IoU of parts weighted by their area in the image that is labelled. */
  public static final String PARTS_IOU = "pascal-parts/iou";

  /** EPE and Fl-all over the pixels with exact ground truth. */
  public static final String SYNTHETIC_EPE = "synthetic/epe";

  /** PCR and mIoU@k of matched regions (Proposal Flow; SCNet, Section 5.1). */
  public static final String REGIONS = "proposal-flow/regions";

  private static final List<Double> ALPHAS = List.of(0.05, 0.10, 0.15);
  private static final Map<String, Protocol> PCK = pckProtocols();
  private static final List<String> OTHERS =
      List.of(TSS_KIT, CALTECH_ROCCO, CALTECH_CLEAN, PARTS_IOU, SYNTHETIC_EPE, REGIONS);

  private Protocols() {}

  /**
   * The PCK protocol of this name.
   *
   * @throws IllegalArgumentException naming every protocol, if there is none of this name
   */
  public static Protocol named(String name) {
    Protocol protocol = PCK.get(name);

    if (protocol == null) {
      throw new IllegalArgumentException(
          OTHERS.contains(name)
              ? "Cannot use %s as a PCK protocol: it is a fixed procedure".formatted(name)
              : "Invalid protocol: %s, expected one of %s".formatted(name, names()));
    }
    return protocol;
  }

  /** Whether the name is that of a PCK protocol, so that {@link #named} returns one. */
  public static boolean isPck(String name) {
    return PCK.containsKey(name);
  }

  /** Every name: PCK protocols first, then the fixed procedures. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(PCK.keySet());
    names.addAll(OTHERS);
    return List.copyOf(names);
  }

  /** The names of the protocols of a benchmark, such as {@code pf-pascal}. */
  public static List<String> of(String benchmark) {
    return names().stream().filter(name -> name.startsWith(benchmark + "/")).toList();
  }

  /** Whether the protocol of this name reads the flow on the target's grid: the swapped pair's. */
  public static boolean readsSwapped(String name) {
    return switch (name) {
      case CALTECH_ROCCO, CALTECH_CLEAN, PARTS_IOU -> true;
      case TSS_KIT, SYNTHETIC_EPE, REGIONS -> false;
      default -> named(name).direction() == Direction.TARGET_TO_SOURCE;
    };
  }

  /** One line on how the protocol of this name counts, whatever its kind. */
  public static String describe(String name) {
    return switch (name) {
      case TSS_KIT ->
          name
              + ": flow resized to the truth's grid, correct when the error is at most T/100 of the"
              + " longer side of the other image's truth, over known pixels, T = 1..50; mask IoU";
      case CALTECH_ROCCO ->
          name
              + ": source mask sampled on the target grid; LT-ACC over all pixels, IoU, LOC-ERR with"
              + " 1-based coordinates less 0-based box minima, matches truncated to whole pixels";
      case CALTECH_CLEAN ->
          name
              + ": source mask sampled on the target grid; LT-ACC over all pixels, IoU, LOC-ERR with"
              + " pixel centres relative to the tight pixel box, nothing truncated";
      case PARTS_IOU ->
          name + ": mean over parts of IoU, weighted by the part's area in the target";
      case SYNTHETIC_EPE ->
          name + ": mean end-point error in pixels and Fl-all (over 3 pixels and over 5 %)";
      case REGIONS ->
          name
              + ": of the regions with 3/4 of their area in the box of the source's keypoints, the"
              + " share with 1 - IoU < tau to the truth of a spline through the keypoints (PCR), and"
              + " the mean IoU of the k best-scored; areas under both curves";
      default -> named(name).describe();
    };
  }

  private static Map<String, Protocol> pckProtocols() {
    return Stream.of(
            // bbox-kp is HPF's, the usual PF-WILLOW figure; Proposal Flow's own averages classes
            forward("pf-willow/bbox-kp", BBOX_KP),
            forward("pf-willow/proposal-flow", BBOX_KP).withBase(1).withAveraging(CLASS),
            backward("pf-willow/weakalign-pf", BBOX_KP, SOURCE).withBase(1),
            backward("pf-willow/sfnet", BBOX_KP, SOURCE).withRounding(PIXEL),
            backward("pf-willow/cats", BBOX_KP, TARGET),

            // Rocco's procedure; SCNet's own code runs the other way, its paper divides by the
            // diagonal
            backward("pf-pascal/scnet-224", IMAGE, SOURCE).withFrame(224).withBase(1),
            forward("pf-pascal/scnet", IMAGE).withFrame(224).withBase(1),
            forward("pf-pascal/scnet-diagonal", DIAGONAL).withFrame(224).withBase(1),
            backward("pf-pascal/sfnet-image", IMAGE, SOURCE).withFrame(288).withRounding(PIXEL),
            backward("pf-pascal/sfnet-bbox", BBOX, SOURCE).withRounding(PIXEL),
            forward("pf-pascal/hpf-img", IMAGE),
            forward("pf-pascal/dhpf-240", IMAGE).withFrame(240),
            backward("pf-pascal/cats-256", IMAGE, SOURCE).withFrame(256),
            forward("spair/bbox", BBOX).withAlphas(0.01, 0.05, 0.10, 0.15),
            forward("spair/dift-point", BBOX)
                .withAveraging(POINT)
                .withAlphas(0.01, 0.05, 0.10, 0.15),
            forward("spair/dhpf-240", BBOX).withFrame(240),
            forward("cub/bbox-kp", BBOX_KP),
            forward("cub/bbox", BBOX),
            forward("synthetic/bbox-kp", BBOX_KP),
            backward("pascal-parts/pck", IMAGE, SOURCE).withBase(1).withAlphas(0.05))
        .collect(
            Collectors.toMap(Protocol::name, p -> p, (first, second) -> first, LinkedHashMap::new));
  }

  /** Source to target, L of the target, original pixels, 0-based, bilinear, mean per image. */
  private static Protocol forward(String name, Length length) {
    return new Protocol(
        name,
        Direction.SOURCE_TO_TARGET,
        length,
        TARGET,
        0,
        0,
        Protocol.Rounding.NONE,
        Protocol.ReadOut.BILINEAR,
        Protocol.Averaging.IMAGE,
        ALPHAS);
  }

  /** Target to source, else as {@link #forward}. */
  private static Protocol backward(String name, Length length, Side side) {
    return new Protocol(
        name,
        Direction.TARGET_TO_SOURCE,
        length,
        side,
        0,
        0,
        Protocol.Rounding.NONE,
        Protocol.ReadOut.BILINEAR,
        Protocol.Averaging.IMAGE,
        ALPHAS);
  }
}

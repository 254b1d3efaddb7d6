package org.denseflow.metrics;

import java.util.List;
import java.util.Objects;
import org.denseflow.flow.FlowField;
import org.denseflow.image.Mask;

/**
 * Scores of transferred masks: label transfer accuracy, intersection over union, and localisation
 * error (Kim et al., DSP, CVPR 2013), as the Caltech-101 and PASCAL Parts benchmarks use them.
 */
public final class MaskScores {

  /** How a localisation error counts coordinates. */
  public enum LocErr {
    /** Rocco et al.'s code: 1-based coordinates less 0-based minima, matches truncated. */
    ROCCO,
    /** Pixel centres inside the tight pixel box, nothing truncated. */
    CLEAN
  }

  private MaskScores() {}

  /** LT-ACC: the share of all pixels whose label agrees. */
  public static double labelTransferAccuracy(Mask transferred, Mask truth) {
    requireSameSize(transferred, truth);
    long agree = 0;

    for (int p = 0; p < truth.inside().length; p++) {
      agree += transferred.inside()[p] == truth.inside()[p] ? 1 : 0;
    }
    return (double) agree / truth.inside().length;
  }

  /** Intersection over union; NaN when both masks are empty. */
  public static double iou(Mask transferred, Mask truth) {
    requireSameSize(transferred, truth);
    long intersection = 0;
    long union = 0;

    for (int p = 0; p < truth.inside().length; p++) {
      intersection += transferred.inside()[p] && truth.inside()[p] ? 1 : 0;
      union += transferred.inside()[p] || truth.inside()[p] ? 1 : 0;
    }
    return (double) intersection / union;
  }

  /**
   * IoU of several parts, each weighted by its share of the truth's area; NaN when no part has any.
   *
   * @param transferred one mask per part
   * @param truth the same parts in the same order
   */
  public static double weightedIou(List<Mask> transferred, List<Mask> truth) {
    if (transferred.size() != truth.size()) {
      throw new IllegalArgumentException(
          "Cannot compare parts: %d transferred, %d true"
              .formatted(transferred.size(), truth.size()));
    }
    double sum = 0;
    long total = 0;

    for (int part = 0; part < truth.size(); part++) {
      long area = area(truth.get(part));
      total += area;
      sum += area == 0 ? 0 : area * iou(transferred.get(part), truth.get(part));
    }
    return sum / total;
  }

  /**
   * LOC-ERR: mean over the labelled image's pixels whose match lies inside the other image of |x −
   * x'| + |y − y'|, each in units of the tight box of its own image's mask. NaN when no match lies
   * inside, or when a mask is empty.
   *
   * @param flow on the labelled (target) image's grid, pointing into the other (source) image
   * @param labelled mask of the labelled image, at that image's size
   * @param other mask of the image that labels come from, at that image's size
   */
  public static double localisationError(
      LocErr variant, FlowField flow, Mask labelled, Mask other) {
    Objects.requireNonNull(variant, "variant");

    if (area(labelled) == 0 || area(other) == 0) {
      return Double.NaN;
    }
    int[] box = tightBox(labelled);
    int[] otherBox = tightBox(other);
    double[] size = {labelled.width(), labelled.height()};
    double[] otherSize = {other.width(), other.height()};
    double sum = 0;
    long count = 0;

    for (int y = 0; y < labelled.height(); y++) {
      for (int x = 0; x < labelled.width(); x++) {
        double[] q = FlowReadOut.at(flow, Protocol.ReadOut.BILINEAR, x, y, size, otherSize);
        boolean inside =
            q[0] >= 0 && q[1] >= 0 && q[0] <= other.width() - 1 && q[1] <= other.height() - 1;

        if (inside) {
          sum +=
              Math.abs(relative(variant, x, box[0], box[2]) - matched(variant, q[0], otherBox, 0))
                  + Math.abs(
                      relative(variant, y, box[1], box[3]) - matched(variant, q[1], otherBox, 1));
          count++;
        }
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  private static double matched(LocErr variant, double coordinate, int[] box, int axis) {
    double counted = variant == LocErr.ROCCO ? Math.floor(coordinate) : coordinate;
    return relative(variant, counted, box[axis], box[2 + axis]);
  }

  /** A 0-based coordinate in units of the box; Rocco's is one pixel up because of its base. */
  private static double relative(LocErr variant, double coordinate, int min, int extent) {
    double shift = variant == LocErr.ROCCO ? 1 : 0.5;
    return (coordinate + shift - min) / extent;
  }

  /** {x minimum, y minimum, width, height} in whole pixels. */
  private static int[] tightBox(Mask mask) {
    int x1 = mask.width();
    int y1 = mask.height();
    int x2 = -1;
    int y2 = -1;

    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.at(x, y)) {
          x1 = Math.min(x1, x);
          x2 = Math.max(x2, x);
          y1 = Math.min(y1, y);
          y2 = Math.max(y2, y);
        }
      }
    }
    return new int[] {x1, y1, x2 - x1 + 1, y2 - y1 + 1};
  }

  private static long area(Mask mask) {
    long area = 0;

    for (boolean inside : mask.inside()) {
      area += inside ? 1 : 0;
    }
    return area;
  }

  private static void requireSameSize(Mask a, Mask b) {
    if (a.width() != b.width() || a.height() != b.height()) {
      throw new IllegalArgumentException(
          "Cannot compare masks: %dx%d and %dx%d"
              .formatted(a.width(), a.height(), b.width(), b.height()));
    }
  }
}

package org.denseflow.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.denseflow.proposals.KeypointWarp;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;

/**
 * How well regions are matched (Proposal Flow; SCNet, Section 5.1). Of the source's regions those
 * count that lie on the object: three quarters of the region's area are inside the tight box of the
 * keypoints; their ground truth is that of {@link KeypointWarp}.
 *
 * @param regions that count; 0 where the pair has nothing to score
 * @param pcr {@code [101]}: the probability of correct regions, the share with 1 - IoU below tau,
 *     for tau = 0, 0.01, ..., 1
 * @param meanIou {@code [100]}: the mean IoU of the k best-scored matches, for k = 1..100; of all
 *     of them where there are fewer
 */
public record RegionScore(int regions, double[] pcr, double[] meanIou) {
  /** Steps of tau, and the largest k. */
  public static final int STEPS = 100;

  /**
   * Scores one pair.
   *
   * @param matches one per region of the source
   */
  public static RegionScore of(List<RegionMatch> matches, KeypointWarp truth) {
    List<RegionMatch> active =
        matches.stream()
            .filter(m -> truth.covers(m.source()))
            .sorted(Comparator.comparingDouble(RegionMatch::score).reversed())
            .toList();
    List<Double> overlaps = new ArrayList<>();

    for (RegionMatch match : active) {
      Optional<RegionBox> wanted = truth.region(match.source());
      overlaps.add(wanted.map(box -> box.iou(match.target())).orElse(0.0));
    }

    return new RegionScore(overlaps.size(), pcr(overlaps), meanIou(overlaps));
  }

  /**
   * The ground truth of a pair: the spline through the keypoints that both images have.
   *
   * @param base coordinate of the first pixel's centre in the annotation
   * @return empty where they do not make one
   */
  public static Optional<KeypointWarp> truth(KeypointPair pair, int base) {
    int[] valid = IntStream.range(0, pair.source().points().size()).filter(pair::valid).toArray();
    KeypointPair.Annotated from = pair.source();
    KeypointPair.Annotated to = pair.target();
    return KeypointWarp.of(
        shares(from.points().x(), valid, base, from.width()),
        shares(from.points().y(), valid, base, from.height()),
        shares(to.points().x(), valid, base, to.width()),
        shares(to.points().y(), valid, base, to.height()));
  }

  private static double[] shares(double[] pixels, int[] valid, int base, int side) {
    return Arrays.stream(valid).mapToDouble(k -> (pixels[k] - base + 0.5) / side).toArray();
  }

  /** The area under the curve of {@link #pcr} over tau, by trapezoids. */
  public double pcrArea() {
    return area(pcr);
  }

  /** The area under the curve of {@link #meanIou} over k / 100, from 1 on, by trapezoids. */
  public double meanIouArea() {
    return area(meanIou);
  }

  private static double[] pcr(List<Double> overlaps) {
    double[] pcr = new double[STEPS + 1];

    for (double overlap : overlaps) {
      for (int t = 0; t <= STEPS; t++) {
        pcr[t] += 1 - overlap < (double) t / STEPS ? 1.0 / overlaps.size() : 0;
      }
    }

    return pcr;
  }

  private static double[] meanIou(List<Double> overlaps) {
    double[] mean = new double[STEPS];
    double sum = 0;

    for (int k = 0; k < STEPS; k++) {
      sum += k < overlaps.size() ? overlaps.get(k) : 0;
      mean[k] = overlaps.isEmpty() ? 0 : sum / Math.min(k + 1, overlaps.size());
    }

    return mean;
  }

  private static double area(double[] curve) {
    double sum = 0;

    for (int i = 1; i < curve.length; i++) {
      sum += (curve[i - 1] + curve[i]) / 2 / (curve.length - 1);
    }

    return sum;
  }
}

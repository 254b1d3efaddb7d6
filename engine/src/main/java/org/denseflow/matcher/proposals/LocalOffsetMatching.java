package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.proposals.RegionBox;

/**
 * Local offset matching (Proposal Flow): a region's match should agree with those of the regions
 * that overlap it. Each of these, matched by itself first, says where the region lies, by carrying
 * it along; the geometric median of what they say is the local offset, and a match scores its
 * similarity less, the farther it is from there.
 *
 * <p>Our choice: what a neighbour says is weighted by the score of its own match, an octave of
 * scale is as far as {@value #OCTAVE} of the target's sides in the median, and neighbours must
 * share a part of their area that the parameters name.
 */
public final class LocalOffsetMatching {
  /** Steps of Weiszfeld's algorithm (released code). */
  private static final int STEPS = 20;

  private static final double OCTAVE = 0.2;
  private static final double EPSILON = 1e-8;

  private final LocalOffsetParameters parameters;

  /** Makes a matching. */
  public LocalOffsetMatching(LocalOffsetParameters parameters) {
    this.parameters = parameters;
  }

  /**
   * Scores all potential matches of two images' regions.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param similarity {@code [sources, targets]}
   * @param score {@code [sources, targets]}: scores by which each region is first matched; replaced
   */
  public void score(
      List<RegionBox> source, List<RegionBox> target, float[] similarity, float[] score) {
    Guesses guesses = new Guesses(source.size());
    int[] best = RegionMatching.best(score, source.size(), target.size());
    float[] weights = new float[source.size()];

    for (int k = 0; k < weights.length; k++) {
      weights[k] = score[k * target.size() + best[k]];
    }

    double[] octaves = target.stream().mapToDouble(LocalOffsetMatching::octave).toArray();

    for (int i = 0; i < source.size(); i++) {
      RegionBox own = source.get(i);
      guesses.clear();

      for (int k = 0; k < source.size(); k++) {
        RegionBox other = source.get(k);
        double smaller = Math.min(own.area(), other.area());

        if (weights[k] > 0 && own.intersection(other) > parameters.overlap() * smaller) {
          guesses.add(own, other, target.get(best[k]), weights[k]);
        }
      }

      System.arraycopy(similarity, i * target.size(), score, i * target.size(), target.size());

      if (guesses.count > 0) {
        weigh(target, octaves, guesses.median(), i * target.size(), score);
      }
    }
  }

  private void weigh(
      List<RegionBox> target, double[] octaves, double[] median, int from, float[] score) {
    for (int j = 0; j < octaves.length; j++) {
      if (score[from + j] > 0) {
        RegionBox box = target.get(j);
        double distance = Math.hypot(box.centerX() - median[0], box.centerY() - median[1]);
        double scale = Math.abs(octaves[j] - median[2]);
        score[from + j] *=
            (float)
                Math.exp(
                    -parameters.distanceFalloff() * distance - parameters.scaleFalloff() * scale);
      }
    }
  }

  private static double octave(RegionBox box) {
    return Math.log(box.area()) / Math.log(2) / 2;
  }

  /** Where neighbours see a region: centres and octaves of size, with weights. */
  private static final class Guesses {
    private final double[] x;
    private final double[] y;
    private final double[] octave;
    private final double[] weight;
    private int count;

    private Guesses(int most) {
      x = new double[most];
      y = new double[most];
      octave = new double[most];
      weight = new double[most];
    }

    private void clear() {
      count = 0;
    }

    /** What the match of another region to a target region says of the own one. */
    private void add(RegionBox own, RegionBox other, RegionBox matched, double certainty) {
      double scale = Math.sqrt(matched.area() / other.area());
      x[count] = matched.centerX() + scale * (own.centerX() - other.centerX());
      y[count] = matched.centerY() + scale * (own.centerY() - other.centerY());
      octave[count] = octave(own) + Math.log(scale) / Math.log(2);
      weight[count++] = certainty;
    }

    /** The weighted geometric median, from the weighted mean on. */
    private double[] median() {
      double[] at = mean(new double[3], 0);

      for (int step = 0; step < STEPS; step++) {
        at = mean(at, 1);
      }

      return at;
    }

    /** The mean, each weight divided by the distance to a point to this power. */
    private double[] mean(double[] point, int power) {
      double[] sum = new double[3];
      double total = 0;

      for (int k = 0; k < count; k++) {
        double dx = x[k] - point[0];
        double dy = y[k] - point[1];
        double ds = OCTAVE * (octave[k] - point[2]);
        double distance = Math.sqrt(dx * dx + dy * dy + ds * ds + EPSILON);
        double w = power == 0 ? weight[k] : weight[k] / distance;
        sum[0] += w * x[k];
        sum[1] += w * y[k];
        sum[2] += w * octave[k];
        total += w;
      }

      return new double[] {sum[0] / total, sum[1] / total, sum[2] / total};
    }
  }
}

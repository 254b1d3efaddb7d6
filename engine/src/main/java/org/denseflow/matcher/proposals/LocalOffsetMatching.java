package org.denseflow.matcher.proposals;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.denseflow.proposals.RegionBox;

/**
 * Local offset matching (Proposal Flow): a region's match should agree with those of the regions
 * that overlap it. Each of these, matched by itself first, predicts where the region lies, by
 * carrying it along; the geometric median of the predictions is the local offset, and a match
 * scores its similarity less, the farther it is from there.
 *
 * <p>Our choice: a neighbour's prediction is weighted by the score of its own match, an octave of
 * scale is as far as {@value #OCTAVE} of the target's sides in the median, and neighbours must
 * share a part of their area that the parameters name.
 */
public final class LocalOffsetMatching {
  /** Most steps of Weiszfeld's algorithm (released code). */
  private static final int STEPS = 20;

  /** It ends before with a step shorter than this share of the target's sides; our choice. */
  private static final float SHORT_STEP = 1e-3f;

  private static final float OCTAVE = 0.2f;
  private static final float EPSILON = 1e-8f;

  private final LocalOffsetParameters parameters;

  /** Makes a matching. */
  public LocalOffsetMatching(LocalOffsetParameters parameters) {
    this.parameters = parameters;
  }

  /**
   * Scores the potential matches of two images' regions. A region's best score is there, with all
   * that come near it; others are 0.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param similarity {@code [sources, targets]}
   * @param score {@code [sources, targets]}: scores by which each region is first matched; replaced
   */
  public void score(
      List<RegionBox> source, List<RegionBox> target, float[] similarity, float[] score) {
    Boxes own = new Boxes(source);
    Boxes other = new Boxes(target);
    Claims claims = new Claims(own, other, score);
    Guesses guesses = new Guesses(claims);
    float[] bound = new float[other.size()];

    for (int i = 0; i < own.size(); i++) {
      int from = i * other.size();
      guesses.take(i, (float) parameters.overlap());

      if (guesses.count == 0) {
        System.arraycopy(similarity, from, score, from, other.size());
      } else {
        weigh(other, guesses.median(), similarity, from, score, bound);
      }
    }
  }

  /** An exponential is made only where a bound, exp(-x) ≤ 1 / (1 + x + x² / 2), asks for it. */
  private void weigh(
      Boxes target, float[] median, float[] similarity, int from, float[] score, float[] bound) {
    float nearness = (float) parameters.distanceFalloff();
    float likeness = (float) parameters.scaleFalloff();
    float x = median[0];
    float y = median[1];
    float octave = median[2];

    for (int j = 0; j < bound.length; j++) {
      float dx = target.x[j] - x;
      float dy = target.y[j] - y;
      float distance = (float) Math.sqrt(dx * dx + dy * dy);
      float loss = nearness * distance + likeness * Math.abs(target.octave[j] - octave);
      score[from + j] = loss;
      bound[j] = similarity[from + j] / (1 + loss + 0.5f * loss * loss);
    }

    float best = 0;

    for (int j = 0; j < bound.length; j++) {
      float found = 0;

      if (bound[j] > best) {
        found = similarity[from + j] * (float) Math.exp(-score[from + j]);
        best = Math.max(best, found);
      }

      score[from + j] = found;
    }
  }

  /** Regions as arrays: edges, centres, areas and binary logarithms of their sizes. */
  private static final class Boxes {
    private final float[] left;
    private final float[] right;
    private final float[] top;
    private final float[] bottom;
    private final float[] x;
    private final float[] y;
    private final float[] area;
    private final float[] octave;

    private Boxes(List<RegionBox> boxes) {
      left = floats(boxes, RegionBox::x1);
      right = floats(boxes, RegionBox::x2);
      top = floats(boxes, RegionBox::y1);
      bottom = floats(boxes, RegionBox::y2);
      x = floats(boxes, RegionBox::centerX);
      y = floats(boxes, RegionBox::centerY);
      area = floats(boxes, RegionBox::area);
      octave = floats(boxes, box -> Math.log(box.area()) / Math.log(2) / 2);
    }

    private static float[] floats(List<RegionBox> boxes, ToDoubleFunction<RegionBox> value) {
      float[] values = new float[boxes.size()];

      for (int i = 0; i < values.length; i++) {
        values[i] = (float) value.applyAsDouble(boxes.get(i));
      }

      return values;
    }

    private int size() {
      return x.length;
    }

    /** What one shares with each beyond a part of the smaller one's area: negative where less. */
    private void shared(int own, float part, float[] to) {
      float ownLeft = left[own];
      float ownRight = right[own];
      float ownTop = top[own];
      float ownBottom = bottom[own];
      float ownArea = area[own];

      for (int k = 0; k < to.length; k++) {
        float width = Math.min(ownRight, right[k]) - Math.max(ownLeft, left[k]);
        float height = Math.min(ownBottom, bottom[k]) - Math.max(ownTop, top[k]);
        to[k] = Math.max(0, width) * Math.max(0, height) - part * Math.min(ownArea, area[k]);
      }
    }
  }

  /** What the match of each region by itself says: where it lies, and how certain it is. */
  private static final class Claims {
    private final Boxes own;
    private final float[] scale;
    private final float[] x;
    private final float[] y;
    private final float[] growth;
    private final float[] certainty;

    /**
     * Matches each region.
     *
     * @param score {@code [own, other]}
     */
    private Claims(Boxes own, Boxes other, float[] score) {
      int n = own.size();
      int[] best = RegionMatching.best(score, n, other.size());
      this.own = own;
      scale = new float[n];
      x = new float[n];
      y = new float[n];
      growth = new float[n];
      certainty = new float[n];

      for (int k = 0; k < n; k++) {
        scale[k] = (float) Math.sqrt(other.area[best[k]] / own.area[k]);
        x[k] = other.x[best[k]];
        y[k] = other.y[best[k]];
        growth[k] = other.octave[best[k]] - own.octave[k];
        certainty[k] = score[k * other.size() + best[k]];
      }
    }
  }

  /** Where neighbours see a region: centres and octaves of size, with weights. */
  private static final class Guesses {
    private final Claims claims;
    private final float[] shared;
    private final float[] x;
    private final float[] y;
    private final float[] octave;
    private final float[] weight;
    private final float[] share;
    private int count;

    private Guesses(Claims claims) {
      int n = claims.own.size();
      this.claims = claims;
      shared = new float[n];
      x = new float[n];
      y = new float[n];
      octave = new float[n];
      weight = new float[n];
      share = new float[n];
    }

    /** Takes the predictions of region i by the matches of all regions that overlap it. */
    private void take(int i, float overlap) {
      Boxes own = claims.own;
      count = 0;
      own.shared(i, overlap, shared);

      for (int k = 0; k < shared.length; k++) {
        if (shared[k] > 0 && claims.certainty[k] > 0) {
          x[count] = claims.x[k] + claims.scale[k] * (own.x[i] - own.x[k]);
          y[count] = claims.y[k] + claims.scale[k] * (own.y[i] - own.y[k]);
          octave[count] = own.octave[i] + claims.growth[k];
          weight[count++] = claims.certainty[k];
        }
      }
    }

    /** The weighted geometric median, from the weighted mean on. */
    private float[] median() {
      System.arraycopy(weight, 0, share, 0, count);
      float[] at = mean();

      for (int step = 0; step < STEPS; step++) {
        shares(at);
        float[] next = mean();
        float length =
            Math.abs(next[0] - at[0])
                + Math.abs(next[1] - at[1])
                + OCTAVE * Math.abs(next[2] - at[2]);
        at = next;

        if (length < SHORT_STEP) {
          break;
        }
      }

      return at;
    }

    /** Divides each weight by the distance to a point. */
    private void shares(float[] point) {
      float pointX = point[0];
      float pointY = point[1];
      float pointOctave = point[2];

      for (int k = 0; k < count; k++) {
        float dx = x[k] - pointX;
        float dy = y[k] - pointY;
        float ds = OCTAVE * (octave[k] - pointOctave);
        share[k] = weight[k] / (float) Math.sqrt(dx * dx + dy * dy + ds * ds + EPSILON);
      }
    }

    private float[] mean() {
      double sumX = 0;
      double sumY = 0;
      double sumOctave = 0;
      double total = 0;

      for (int k = 0; k < count; k++) {
        sumX += share[k] * x[k];
        sumY += share[k] * y[k];
        sumOctave += share[k] * octave[k];
        total += share[k];
      }

      return new float[] {
        (float) (sumX / total), (float) (sumY / total), (float) (sumOctave / total)
      };
    }
  }
}

package org.denseflow.correlation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Mutual consistency of a rectified volume (Guided Semantic Flow, Eq. 4): Q_ij = C_ij² / (max_i C ·
 * max_j C), 1 for mutual nearest neighbours, at most 1 for all others. Of a source cell's equal
 * candidates the first counts, and of source cells that are equally near the first that chooses.
 *
 * @param bestTarget for each source cell its best target cell
 * @param mutual for each source cell 1 if its best target cell chooses it too, else 0
 * @param consistency for each source cell Q at its best target cell, 0..1; 0 for a cell whose
 *     candidates are all 0
 */
public record MutualConsistency(int[] bestTarget, float[] mutual, float[] consistency) {

  /** The largest list that is searched one by one. */
  private static final int FEW = 32;

  /** Computes the consistency of each source cell's best candidate. */
  public static MutualConsistency of(CorrelationVolume volume) {
    Search search = new Search(volume);
    float[] candidates = new float[volume.columns()];

    for (int i = 0; i < volume.rows(); i++) {
      System.arraycopy(volume.values(), i * candidates.length, candidates, 0, candidates.length);
      search.row(i, candidates);
    }

    return search.end();
  }

  /** Computes the consistency of a volume row by row, so that the volume need not be kept. */
  public static final class Search {
    private final int[] bestTarget;
    private final float[] ofRows;
    private final float[] ofColumns;
    private final List<float[]> halves = new ArrayList<>();
    private int[] merged = {0};

    /** Starts before the first row of a volume of this size. */
    public Search(CorrelationVolume volume) {
      this.bestTarget = new int[volume.rows()];
      this.ofRows = new float[volume.rows()];
      this.ofColumns = new float[volume.columns()];

      for (int size = volume.columns(); size > FEW; size = (size + 1) / 2) {
        halves.add(new float[(size + 1) / 2]);
      }

      for (int h = halves.size() - 1; h >= 0; h--) {
        int size = h == 0 ? volume.columns() : halves.get(h - 1).length;
        merge(size - halves.get(h).length);
      }
    }

    /** No distance is less than the sum of those that follow it, so that the list ascends. */
    private void merge(int distance) {
      int known = merged.length;
      merged = Arrays.copyOf(merged, 2 * known);

      for (int k = 0; k < known; k++) {
        merged[known + k] = merged[k] + distance;
      }
    }

    /**
     * Takes source cell i's candidates.
     *
     * @return its best target cell
     */
    public int row(int i, float[] candidates) {
      raise(ofColumns, candidates);
      return best(i, candidates);
    }

    /**
     * Takes source cell i's candidates, each multiplied by two factors.
     *
     * @param candidates receives the products
     * @return its best target cell
     */
    public int row(int i, float[] candidates, float[] factors, float[] others) {
      modulate(candidates, factors, others, ofColumns);
      return best(i, candidates);
    }

    private int best(int i, float[] candidates) {
      float[] few = few(candidates);
      float largest = largest(few);
      ofRows[i] = largest;
      bestTarget[i] = largest > 0 ? first(largest, few, candidates) : 0;
      return bestTarget[i];
    }

    /**
     * The largest of some candidates each, by halving: no branch depends on values, which after
     * modulation rise towards their largest, so that a plain search would mispredict. The k-th is
     * of those at k and the distances in {@code merged}.
     */
    private float[] few(float[] candidates) {
      float[] from = candidates;

      for (float[] half : halves) {
        System.arraycopy(from, from.length - half.length, half, 0, half.length);
        raise(half, from);
        from = half;
      }

      return from;
    }

    /** Values that are not negative are ordered as their bits are, and integers compare faster. */
    private static float largest(float[] values) {
      int bits = 0;

      for (float value : values) {
        bits = Math.max(bits, Float.floatToRawIntBits(value));
      }

      return Float.intBitsToFloat(bits);
    }

    private int first(float largest, float[] few, float[] candidates) {
      int first = candidates.length;

      for (int k = 0; k < few.length; k++) {
        for (int d = 0; few[k] == largest && d < merged.length; d++) {
          if (candidates[k + merged[d]] == largest) {
            first = Math.min(first, k + merged[d]);
            break;
          }
        }
      }

      return first;
    }

    /** Alone and with equal indices, so that the compiler makes vector instructions of it. */
    private static void raise(float[] values, float[] others) {
      for (int j = 0; j < values.length; j++) {
        values[j] = Math.max(values[j], others[j]);
      }
    }

    /** As {@link #raise}, of products that take the values' place. */
    private static void modulate(float[] values, float[] factors, float[] others, float[] largest) {
      for (int j = 0; j < values.length; j++) {
        float value = values[j] * factors[j] * others[j];
        values[j] = value;
        largest[j] = Math.max(largest[j], value);
      }
    }

    /** The consistency over all rows taken. */
    public MutualConsistency end() {
      float[] mutual = new float[ofRows.length];
      float[] consistency = new float[ofRows.length];
      boolean[] chosen = new boolean[ofColumns.length];

      for (int i = 0; i < ofRows.length; i++) {
        int j = bestTarget[i];

        if (ofRows[i] > 0) {
          // The row's maximum is own, so Q = own² / (own · rival).
          consistency[i] = ofRows[i] / ofColumns[j];
          boolean chooses = ofRows[i] == ofColumns[j];
          mutual[i] = chooses && !chosen[j] ? 1 : 0;
          chosen[j] |= chooses;
        }
      }

      return new MutualConsistency(bestTarget, mutual, consistency);
    }
  }
}

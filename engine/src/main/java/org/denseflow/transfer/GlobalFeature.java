package org.denseflow.transfer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.UnitRows;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.ImageFeatures;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One vector for a whole image, to choose by: the means of its features over cells or regions, one
 * after the other.
 */
public final class GlobalFeature {

  private GlobalFeature() {}

  /** The vector of an image, {@code [channels of all its features]}. */
  public static float[] of(ImageFeatures image) {
    float[] all = new float[image.vectors().stream().mapToInt(own -> (int) own.size(1)).sum()];
    int at = 0;

    for (INDArray vectors : image.vectors()) {
      float[] own = mean(vectors);
      System.arraycopy(own, 0, all, at, own.length);
      at += own.length;
    }

    return all;
  }

  private static float[] mean(INDArray vectors) {
    if (vectors.dataType() != DataType.FLOAT) {
      try (INDArray wide = vectors.castTo(DataType.FLOAT)) {
        return mean(wide);
      }
    }

    try (INDArray mean = vectors.mean(0)) {
      return mean.toFloatVector();
    }
  }

  /** The mean of several vectors of one length. */
  public static float[] mean(List<float[]> vectors) {
    double[] sum = new double[vectors.get(0).length];

    for (float[] vector : vectors) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += vector[i];
      }
    }

    float[] mean = new float[sum.length];

    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / vectors.size());
    }

    return mean;
  }

  /** A vector less a mean, of length 1; all zero where nothing is left. */
  public static float[] centred(float[] vector, float[] mean) {
    float[] centred = new float[vector.length];

    for (int i = 0; i < vector.length; i++) {
      centred[i] = vector[i] - mean[i];
    }

    UnitRows.normalise(centred, 1, centred.length, FeatureMaps.EPSILON);
    return centred;
  }

  /** The inner product: the cosine of two centred vectors. */
  public static double product(float[] a, float[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }

    return sum;
  }

  /**
   * The candidates nearest to a vector, best first, at most {@code count}; ties keep their order.
   */
  public static int[] nearest(float[] to, List<float[]> candidates, int count) {
    double[] similarity = candidates.stream().mapToDouble(one -> product(to, one)).toArray();
    Integer[] order = IntStream.range(0, similarity.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> -similarity[i]));
    return Arrays.stream(order).limit(count).mapToInt(Integer::intValue).toArray();
  }
}

package org.denseflow.transfer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.matcher.ImageFeatures;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One vector for a whole image, to choose by: the mean of each feature map over its cells, the maps
 * one after the other.
 */
public final class GlobalFeature {

  private GlobalFeature() {}

  /** The vector of an image, {@code [channels of all maps]}. */
  public static float[] of(ImageFeatures image) {
    float[] all = new float[image.maps().stream().mapToInt(FeatureMap::channels).sum()];
    int at = 0;

    for (FeatureMap map : image.maps()) {
      try (INDArray mean = map.values().mean(0)) {
        float[] own = mean.toFloatVector();
        System.arraycopy(own, 0, all, at, own.length);
        at += own.length;
      }
    }

    return all;
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
    double square = 0;

    for (int i = 0; i < vector.length; i++) {
      centred[i] = vector[i] - mean[i];
      square += (double) centred[i] * centred[i];
    }

    for (int i = 0; i < vector.length; i++) {
      centred[i] = square == 0 ? 0 : (float) (centred[i] / Math.sqrt(square));
    }

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

  /** The candidates nearest to a vector, best first, at most so many; ties keep their order. */
  public static int[] nearest(float[] to, List<float[]> candidates, int count) {
    double[] similarity = candidates.stream().mapToDouble(one -> product(to, one)).toArray();
    Integer[] order = IntStream.range(0, similarity.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> -similarity[i]));
    return Arrays.stream(order).limit(count).mapToInt(Integer::intValue).toArray();
  }
}

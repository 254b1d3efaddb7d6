package org.denseflow.matcher.projection;

import java.io.Serializable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Number, mean and covariance of vectors that come in parts, in double precision; memory {@code
 * [channels, channels]}, however many there are. The order of the parts decides the last bits: add
 * them in the same order to get the same numbers.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] mean;
  private final double[] scatter;
  private long count;

  /** Of no vectors yet. */
  public Moments(int channels) {
    this.mean = new double[channels];
    this.scatter = new double[channels * channels];
  }

  /** Adds vectors, {@code [n, channels]}, n at least 1. */
  public void add(INDArray vectors) {
    try (INDArray wide =
            Nd4j.createUninitialized(DataType.DOUBLE, vectors.shape()).assign(vectors);
        INDArray middle = wide.mean(0)) {
      wide.subiRowVector(middle);

      try (INDArray products = Nd4j.matmul(wide, wide, true, false, false)) {
        merge(vectors.size(0), read(middle), read(products));
      }
    }
  }

  /** Adds what another has seen. */
  public void add(Moments other) {
    merge(other.count, other.mean, other.scatter);
  }

  /**
   * The moments of two sets from those of each (Chan, Golub and LeVeque, 1983): sums of squares
   * around each mean and what the distance of the means adds.
   */
  private void merge(long others, double[] theirMean, double[] theirScatter) {
    int channels = mean.length;

    if (theirMean.length != channels) {
      throw new IllegalArgumentException(
          "Cannot add vectors of %d channels to those of %d".formatted(theirMean.length, channels));
    }

    long total = count + others;

    if (total == 0) {
      return;
    }

    double[] distance = new double[channels];

    for (int c = 0; c < channels; c++) {
      distance[c] = theirMean[c] - mean[c];
      mean[c] += distance[c] * others / total;
    }

    double factor = (double) count * others / total;

    for (int i = 0; i < channels; i++) {
      double row = distance[i] * factor;

      for (int j = 0; j < channels; j++) {
        scatter[i * channels + j] += theirScatter[i * channels + j] + row * distance[j];
      }
    }

    count = total;
  }

  /** How many vectors. */
  public long count() {
    return count;
  }

  /** Of each vector. */
  public int channels() {
    return mean.length;
  }

  /** {@code [channels]}. */
  double[] mean() {
    return mean.clone();
  }

  /** {@code [channels, channels]}, divided by the number; symmetric to the last bit. */
  double[][] covariance() {
    int channels = mean.length;
    double[][] covariance = new double[channels][channels];

    for (int i = 0; i < channels; i++) {
      for (int j = 0; j <= i; j++) {
        double both = scatter[i * channels + j] + scatter[j * channels + i];
        covariance[i][j] = covariance[j][i] = both / (2 * count);
      }
    }

    return covariance;
  }

  private static double[] read(INDArray array) {
    double[] values = new double[(int) array.length()];
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    array.data().asNioDouble().get(values);
    return values;
  }
}

package org.denseflow.graph;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Running mean and variance of a batch normalisation, kept by the trainer outside of the graph. As
 * in PyTorch each update moves them by a tenth towards the batch, and the variance of the batch
 * counts unbiased.
 */
public final class RunningStatistics implements AutoCloseable {
  /** The weight of the newest batch. */
  public static final double MOMENTUM = 0.1;

  private final INDArray mean;
  private final INDArray variance;

  /** Starts with mean 0 and variance 1. */
  public RunningStatistics(int channels, DataType type) {
    mean = Nd4j.zeros(type, channels);
    variance = Nd4j.ones(type, channels);
  }

  /**
   * Takes in a batch.
   *
   * @param batchMean {@code [channels]}
   * @param batchVariance {@code [channels]}, biased, as {@link BatchNormalisation.Trained} gives it
   * @param count the values of each channel, batch · height · width, at least 2
   */
  public void update(INDArray batchMean, INDArray batchVariance, long count) {
    if (count < 2) {
      throw new IllegalArgumentException("Invalid count: must be at least 2, found " + count);
    }

    double unbiased = count / (count - 1.0);
    move(mean, batchMean, MOMENTUM);
    move(variance, batchVariance, MOMENTUM * unbiased);
  }

  private static void move(INDArray kept, INDArray batch, double weight) {
    try (INDArray part = batch.mul(weight)) {
      kept.muli(1 - MOMENTUM).addi(part);
    }
  }

  /** The running mean, {@code [channels]}; the array changes with updates. */
  public INDArray mean() {
    return mean;
  }

  /** The running variance, {@code [channels]}; the array changes with updates. */
  public INDArray variance() {
    return variance;
  }

  @Override
  public void close() {
    mean.close();
    variance.close();
  }
}

package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation with a learned scale and shift: the trainable variables {@code
 * <name>.norm.weight} and {@code <name>.norm.bias} {@code [channels]}. They are made once and can
 * be applied to several inputs, each with the statistics of its own batch. SameDiff's own has no
 * gradient, so this one is made of reductions.
 */
public final class BatchNormalisation {
  /** Added to the variance under the root, as in PyTorch. */
  public static final double EPSILON = 1e-5;

  /**
   * An application that normalises by the statistics of its batch.
   *
   * @param output {@code [batch, height, width, channels]}
   * @param mean {@code [channels]}, of the input
   * @param variance {@code [channels]}, biased, of the input
   */
  public record Trained(SDVariable output, SDVariable mean, SDVariable variance) {

    /** The same statistics with what was made of the output. */
    Trained withOutput(SDVariable changed) {
      return new Trained(changed, mean, variance);
    }
  }

  private final SameDiff graph;
  private final String name;
  private final int channels;
  private final SDVariable scale;
  private final SDVariable shift;

  /**
   * Adds scale and shift, 0, to a graph.
   *
   * @param name prefix of all names
   * @param scale what all channels are scaled by at first
   * @param type FLOAT or DOUBLE
   */
  public BatchNormalisation(
      SameDiff graph, String name, int channels, double scale, DataType type) {
    this.graph = graph;
    this.name = name;
    this.channels = channels;
    this.scale = graph.var(scaleName(name), Nd4j.valueArrayOf(new long[] {channels}, scale, type));
    shift = graph.var(shiftName(name), Nd4j.zeros(type, channels));
  }

  /** The name of the scale of a normalisation. */
  public static String scaleName(String name) {
    return name + ".norm.weight";
  }

  /** The name of the shift of a normalisation. */
  public static String shiftName(String name) {
    return name + ".norm.bias";
  }

  /** Sets the scale of all channels. */
  void scale(double value) {
    scale.getArr().assign(value);
  }

  /**
   * Normalises by the statistics of the batch, over batch, height and width. They are the variables
   * {@code <name>.<application>.mean} and {@code <name>.<application>.variance}, for {@link
   * RunningStatistics}.
   *
   * @param x {@code [batch, height, width, channels]}
   * @param application a name that tells this application from others of the same parameters
   */
  public Trained training(SDVariable x, String application) {
    String prefix = name + "." + application;
    SDVariable cells = x.reshape(-1, channels);
    SDVariable mean = cells.mean(prefix + ".mean", false, 0);
    SDVariable centred = cells.sub(Broadcast.row(mean, channels, cells));
    SDVariable variance = centred.mul(centred).mean(prefix + ".variance", false, 0);
    SDVariable scaled = centred.mul(Broadcast.row(factor(variance), channels, cells));
    SDVariable normalised = scaled.add(Broadcast.row(shift, channels, cells));
    return new Trained(graph.reshape(normalised, graph.shape(x)), mean, variance);
  }

  /**
   * Normalises by given statistics.
   *
   * @param x {@code [batch, height, width, channels]}
   * @param mean {@code [channels]}
   * @param variance {@code [channels]}
   */
  public SDVariable inference(SDVariable x, SDVariable mean, SDVariable variance) {
    return x.sub(mean).mul(factor(variance)).add(shift);
  }

  private SDVariable factor(SDVariable variance) {
    return scale.mul(graph.math().rsqrt(variance.add(EPSILON)));
  }
}

package org.denseflow.matcher.proposals;

import java.util.Map;
import java.util.Random;
import org.denseflow.graph.L2Normalisation;
import org.denseflow.graph.NativeArrays;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.EmbeddingParameters.Start;
import org.denseflow.weights.Tensor;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * c(r, w) of SCNet, Section 4, as a graph: a layer on a region's pooled features, and L2
 * normalisation. Its parameters are {@code <name>.weight [in, out]} and {@code <name>.bias [out]}.
 */
final class RegionEmbedding {
  /** Released code. */
  private static final double EPSILON = 1e-10;

  private static final double DEVIATION = 0.01;

  private final EmbeddingShape shape;
  private final SDVariable weight;
  private final SDVariable bias;

  private RegionEmbedding(EmbeddingShape shape, SDVariable weight, SDVariable bias) {
    this.shape = shape;
    this.weight = weight;
    this.bias = bias;
  }

  /** Adds first parameters to a graph. */
  static RegionEmbedding first(
      SameDiff graph, String name, EmbeddingShape shape, Start start, DataType type, long seed) {
    return new RegionEmbedding(
        shape,
        graph.var(weightOf(name), NativeArrays.cast(first(shape, start, seed), type)),
        graph.var(biasOf(name), Nd4j.zeros(type, shape.out())));
  }

  /**
   * Adds trained parameters to a graph, as constants.
   *
   * @param tensors of {@link #tensors}
   */
  static RegionEmbedding trained(
      SameDiff graph, String name, EmbeddingShape shape, Map<String, Tensor> tensors) {
    return new RegionEmbedding(
        shape,
        graph.constant(weightOf(name), TrainedModel.array(tensors.get(weightOf(name)))),
        graph.constant(biasOf(name), TrainedModel.array(tensors.get(biasOf(name)))));
  }

  private static String weightOf(String name) {
    return name + ".weight";
  }

  private static String biasOf(String name) {
    return name + ".bias";
  }

  /** Shapes of the parameters by name. */
  static Map<String, int[]> tensors(String name, EmbeddingShape shape) {
    return Map.of(
        weightOf(name), new int[] {shape.in(), shape.out()},
        biasOf(name), new int[] {shape.out()});
  }

  /**
   * Embeds.
   *
   * @param regions {@code [regions, side² · channels]}
   * @return {@code [regions, size]}
   */
  SDVariable apply(SDVariable regions) {
    SameDiff graph = regions.getSameDiff();
    SDVariable seen = shape.layer() == Layer.FULL ? regions : regions.reshape(-1, shape.in());
    SDVariable linear = graph.mmul(seen, weight).add(bias).reshape(-1, shape.size());
    return L2Normalisation.apply(linear, shape.size(), EPSILON);
  }

  private static INDArray first(EmbeddingShape shape, Start start, long seed) {
    Random random = new Random(seed);
    int most = Math.max(shape.in(), shape.out());
    double[][] vectors = new double[Math.min(shape.in(), shape.out())][most];

    for (double[] vector : vectors) {
      for (int i = 0; i < most; i++) {
        vector[i] = DEVIATION * random.nextGaussian();
      }
    }

    if (start == Start.ORTHOGONAL) {
      orthonormalise(vectors);
    }

    INDArray rows = Nd4j.createFromArray(vectors);

    if (shape.in() <= shape.out()) {
      return rows;
    }

    try (rows) {
      return rows.transpose().dup('c');
    }
  }

  /** Gram and Schmidt's procedure, vector by vector. */
  private static void orthonormalise(double[][] vectors) {
    for (int k = 0; k < vectors.length; k++) {
      for (int other = 0; other < k; other++) {
        subtract(vectors[k], dot(vectors[k], vectors[other]), vectors[other]);
      }

      double length = Math.sqrt(dot(vectors[k], vectors[k]));

      for (int i = 0; i < vectors[k].length; i++) {
        vectors[k][i] /= length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }

    return sum;
  }

  private static void subtract(double[] from, double factor, double[] other) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * other[i];
    }
  }
}

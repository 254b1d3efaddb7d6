package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.EmbeddingParameters.Start;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The embedding of regions against loops, and what its start keeps. */
class RegionEmbeddingTest {
  private static final int REGIONS = 5;
  private static final int CHANNELS = 6;
  private static final PoolingParameters POOLING =
      new PoolingParameters(PoolingParameters.Kind.ALIGN, 2, PoolingParameters.Mean.KEPT);

  private final Random random = new Random(8);
  private final SameDiff graph = SameDiff.create();
  private final double[][] regions = gaussian(REGIONS, 4 * CHANNELS);

  private double[][] gaussian(int rows, int columns) {
    double[][] values = new double[rows][columns];

    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextGaussian();
      }
    }

    return values;
  }

  private double[][] embedded(EmbeddingShape shape, Start start, double shift) {
    RegionEmbedding layer = RegionEmbedding.first(graph, "layer", shape, start, DataType.DOUBLE, 3);
    bias().addi(Nd4j.createFromArray(gaussian(1, shape.out())[0]).muli(shift));
    SDVariable input = graph.constant(Nd4j.createFromArray(regions));
    return layer.apply(input).eval().toDoubleMatrix();
  }

  private INDArray bias() {
    return graph.getVariable("layer.bias").getArr();
  }

  @Test
  void partsShareTheirWeights() {
    EmbeddingShape shape = new EmbeddingShape(POOLING, Layer.PER_PART, CHANNELS, 12);
    double[][] embedded = embedded(shape, Start.GAUSSIAN, 0.1);
    double[][] weight = graph.getVariable("layer.weight").getArr().toDoubleMatrix();
    double[] bias = bias().toDoubleVector();

    for (int r = 0; r < REGIONS; r++) {
      double[] expected = new double[12];
      double squares = 0;

      for (int k = 0; k < 12; k++) {
        expected[k] = bias[k % 3];

        for (int c = 0; c < CHANNELS; c++) {
          expected[k] += regions[r][k / 3 * CHANNELS + c] * weight[c][k % 3];
        }

        squares += expected[k] * expected[k];
      }

      for (int k = 0; k < 12; k++) {
        assertThat(embedded[r][k]).isCloseTo(expected[k] / Math.sqrt(squares), within(1e-6));
      }
    }
  }

  @Test
  void anOrthogonalStartOfFullSizeKeepsCosines() {
    EmbeddingShape shape = new EmbeddingShape(POOLING, Layer.FULL, CHANNELS, 4 * CHANNELS + 2);
    double[][] embedded = embedded(shape, Start.ORTHOGONAL, 0);

    for (int a = 0; a < REGIONS; a++) {
      for (int b = 0; b < REGIONS; b++) {
        double cosine =
            dot(regions[a], regions[b])
                / Math.sqrt(dot(regions[a], regions[a]) * dot(regions[b], regions[b]));
        assertThat(dot(embedded[a], embedded[b])).isCloseTo(cosine, within(1e-6));
      }
    }
  }

  @Test
  void aSizeThatPartsCannotShareIsRefused() {
    assertThatThrownBy(() -> new EmbeddingShape(POOLING, Layer.PER_PART, CHANNELS, 13))
        .hasMessageContaining("a multiple of the 4 parts");
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }

    return sum;
  }
}

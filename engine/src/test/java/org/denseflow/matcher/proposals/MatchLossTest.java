package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.denseflow.graph.GradientCheck;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.EmbeddingParameters.Start;
import org.denseflow.matcher.proposals.OffsetParameters.Reference;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters.Kind;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters.Mean;
import org.denseflow.matcher.proposals.VotingParameters.Ballot;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Losses against loops over matches, and their gradients against finite differences. */
class MatchLossTest {
  private static final int SOURCES = 9;
  private static final int TARGETS = 8;
  private static final int LENGTH = 6;
  private static final int SIZE = 4;
  private static final int BINS = 6;
  private static final double THRESHOLD = 0.1;
  private static final double PRIOR = 0.05;

  private final Random random = new Random(11);
  private final SameDiff graph = SameDiff.create();
  private final SDVariable similarity = similarity("appearance");
  private final SDVariable geometry = similarity("geometry");
  private final int[][] bins = new int[SOURCES][TARGETS];
  private final double[][] positive = new double[SOURCES][TARGETS];
  private final double[][] negative = new double[SOURCES][TARGETS];
  private final VotingParameters voting =
      new VotingParameters(
          new OffsetParameters(Reference.REGION, 0.1, 0.5, 4, 2),
          THRESHOLD,
          PRIOR,
          Ballot.EVERY_MATCH,
          0);

  MatchLossTest() {
    for (int i = 0; i < SOURCES; i++) {
      for (int j = 0; j < TARGETS; j++) {
        bins[i][j] = random.nextInt(BINS + 1);
        int kind = random.nextInt(i == 0 ? 1 : 4);
        positive[i][j] = kind == 3 ? 1 : 0;
        negative[i][j] = kind < 2 ? 1 : 0;
      }
    }
  }

  private INDArray gaussian(long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> random.nextGaussian());
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  private SDVariable similarity(String name) {
    EmbeddingShape shape =
        new EmbeddingShape(
            new PoolingParameters(Kind.ALIGN, 1, Mean.KEPT), Layer.FULL, LENGTH, SIZE);
    RegionEmbedding embedding =
        RegionEmbedding.first(
            graph, name, shape, Start.ORTHOGONAL, DataType.DOUBLE, random.nextLong());
    SDVariable source = graph.constant(name + ".source", gaussian(SOURCES, LENGTH));
    SDVariable target = graph.constant(name + ".target", gaussian(TARGETS, LENGTH));
    return RegionSimilarity.rectifiedCosine(embedding.apply(source), embedding.apply(target));
  }

  private SDVariable constant(double[][] values) {
    return graph.constant(Nd4j.createFromArray(values));
  }

  private SDVariable sampled() {
    return MatchLoss.hardNegatives(similarity, constant(positive), constant(negative));
  }

  @Test
  void embeddedRegionsHaveUnitLengthAndTheirCosineIsRectified() {
    double[][] f = similarity.eval().toDoubleMatrix();
    double least = Arrays.stream(f).flatMapToDouble(Arrays::stream).min().getAsDouble();
    double most = Arrays.stream(f).flatMapToDouble(Arrays::stream).max().getAsDouble();
    assertThat(least).isZero();
    assertThat(most).isBetween(0.5, 1.0);
  }

  @Test
  void theMostSimilarNegativesAreSampledAsOftenAsThereArePositives() {
    double[][] f = similarity.eval().toDoubleMatrix();
    double[][] sampled = sampled().eval().toDoubleMatrix();

    for (int i = 0; i < SOURCES; i++) {
      int row = i;
      int wanted = (int) Arrays.stream(positive[i]).sum();
      double[] candidates =
          IntStream.range(0, TARGETS)
              .filter(j -> negative[row][j] == 1)
              .mapToDouble(j -> -f[row][j])
              .sorted()
              .toArray();

      for (int j = 0; j < TARGETS; j++) {
        boolean isHard =
            wanted > 0
                && negative[i][j] == 1
                && (wanted >= candidates.length || f[i][j] >= -candidates[wanted - 1]);
        assertThat(sampled[i][j]).as("match %d, %d", i, j).isEqualTo(isHard ? 1 : 0);
      }
    }
  }

  @Test
  void lossOfTheSimilarityAlone() {
    SDVariable loss = MatchLoss.ofSimilarity(similarity, constant(positive), sampled());
    double[][] f = similarity.eval().toDoubleMatrix();
    assertThat(loss.eval().getDouble(0)).isCloseTo(naive(f), within(1e-12));
    // The gradient check wants one of every variable; those of the geometry have none here.
    SDVariable checked = loss.add(geometry.sum());
    assertThat(GradientCheck.largestError(graph, checked, Map.of())).isLessThan(1e-5);
  }

  @Test
  void lossOfVotedScores() {
    for (SDVariable voter : List.of(similarity, geometry)) {
      SDVariable loss = voted(voter);
      double[][] f = similarity.eval().toDoubleMatrix();
      double[][] g = voter.eval().toDoubleMatrix();
      double[][] z = new double[SOURCES][TARGETS];

      for (int m = 0; m < SOURCES * TARGETS; m++) {
        int bin = bins[m / TARGETS][m % TARGETS];
        double votes = PRIOR;

        for (int other = 0; other < SOURCES * TARGETS; other++) {
          boolean isSame = bins[other / TARGETS][other % TARGETS] == bin;
          votes += isSame ? Math.max(0, g[other / TARGETS][other % TARGETS] - THRESHOLD) : 0;
        }

        z[m / TARGETS][m % TARGETS] = bin == BINS ? 0 : f[m / TARGETS][m % TARGETS] * votes;
      }

      double most = Arrays.stream(z).flatMapToDouble(Arrays::stream).max().getAsDouble();
      assertThat(most).as("scores beyond the margin").isGreaterThan(1);
      assertThat(loss.eval().getDouble(0)).isCloseTo(naive(z), within(1e-12));
    }
  }

  /** Eq. 11, of AG and AG+ at once. */
  @Test
  void gradientOfVotedScores() {
    SDVariable loss = voted(similarity).add(voted(geometry).mul(0.7));
    assertThat(GradientCheck.largestError(graph, loss, Map.of())).isLessThan(1e-5);
  }

  private SDVariable voted(SDVariable voter) {
    return MatchLoss.ofVotes(
        similarity,
        voter,
        graph.constant(Nd4j.createFromArray(bins)),
        BINS,
        voting,
        constant(positive),
        sampled());
  }

  private double naive(double[][] z) {
    double[][] sampled = sampled().eval().toDoubleMatrix();
    double sum = 0;
    double count = 0;

    for (int i = 0; i < SOURCES; i++) {
      for (int j = 0; j < TARGETS; j++) {
        sum += positive[i][j] * Math.max(0, 1 - z[i][j]) + sampled[i][j] * (1 + z[i][j]);
        count += positive[i][j];
      }
    }

    return sum / (2 * count);
  }
}

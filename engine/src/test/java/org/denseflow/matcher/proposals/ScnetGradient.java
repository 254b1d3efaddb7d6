package org.denseflow.matcher.proposals;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.EmbeddingParameters.Start;
import org.denseflow.matcher.proposals.OffsetParameters.Reference;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.denseflow.matcher.proposals.VotingParameters.Ballot;
import org.denseflow.proposals.ProposalParameters;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** SCNet on a few regions, from their pooled features to the loss. */
public final class ScnetGradient {
  private static final int REGIONS = 7;
  private static final int CHANNELS = 3;
  private static final PoolingParameters POOLING =
      new PoolingParameters(PoolingParameters.Kind.ALIGN, 2, PoolingParameters.Mean.KEPT);
  private static final OffsetParameters OFFSETS =
      new OffsetParameters(Reference.REGION, 0.5, 1, 2, 2);

  private ScnetGradient() {}

  /** The largest relative error of the gradients of what is trained. */
  public static double gradientError(Variant variant, Layer layer) {
    EmbeddingShape shape = new EmbeddingShape(POOLING, layer, CHANNELS, 8);
    TrainingGraph graph =
        new ScnetGraph(parameters(variant, layer), shape, DataType.DOUBLE).build(5);
    Random random = new Random(4);
    graph
        .parameters()
        .forEach(
            variable -> variable.getArr().addi(gaussian(random, 0.1, variable.getArr().shape())));
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put("source", gaussian(random, 1, 1, REGIONS, shape.length()));
    inputs.put("target", gaussian(random, 1, 1, REGIONS, shape.length()));
    inputs.put("label", whole(random, 3, -1));

    if (variant != Variant.A) {
      int count = new OffsetBins(OFFSETS).count();
      inputs.put("bins", whole(random, 4, count - 3));
    }

    String[] trained = graph.trained().stream().map(SDVariable::name).toArray(String[]::new);
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs, 60, trained);
  }

  /** Of 20 regions or so; batches of one pair. */
  public static ScnetParameters parameters(Variant variant, Layer layer) {
    return new ScnetParameters(
        variant,
        new ProposalParameters(ProposalParameters.Kind.UNIFORM, REGIONS, 0, 0.1, 1),
        POOLING,
        new EmbeddingParameters(layer, 8, Start.ORTHOGONAL),
        Optional.of(new VotingParameters(OFFSETS, 0.1, 0.05, Ballot.EVERY_MATCH, 0)),
        ScnetParameters.Weight.REGION,
        0.6,
        0.4);
  }

  private static INDArray gaussian(Random random, double scale, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');

    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * random.nextGaussian());
    }

    return array;
  }

  /** Random whole numbers from a first one on. */
  private static INDArray whole(Random random, int count, int first) {
    INDArray array = Nd4j.create(DataType.DOUBLE, 1, REGIONS, REGIONS);

    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, first + random.nextInt(count));
    }

    return array;
  }
}

package org.denseflow.matcher.proposals;

import java.util.List;
import java.util.Set;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * SCNet as a graph (Figure 2), of one pair: embedding, rectified cosine (Eq. 6), geometry term (Eq.
 * 9 or 12) and hinge loss.
 *
 * <p>Placeholders: {@code source} and {@code target [1, regions, side² · channels]}, pooled
 * features; {@code label [1, regions, regions]}, 1 for a positive match, -1 for a negative one,
 * else 0; {@code bins [1, regions, regions]} of the geometry variants: h(m), or their count where a
 * match has none.
 */
final class ScnetGraph {
  static final String APPEARANCE = "appearance";
  static final String GEOMETRY = "geometry";

  private final ScnetParameters parameters;
  private final EmbeddingShape shape;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();

  ScnetGraph(ScnetParameters parameters, EmbeddingShape shape, DataType type) {
    this.parameters = parameters;
    this.shape = shape;
    this.type = type;
  }

  TrainingGraph build(long seed) {
    SDVariable source = regions("source");
    SDVariable target = regions("target");
    SDVariable similarity = similarity(APPEARANCE, source, target, seed);
    SDVariable label = matches("label");
    SDVariable isPositive = graph.nn().relu(label, 0);
    SDVariable isNegative = graph.nn().relu(label.neg(), 0);
    SDVariable weight = weight(isPositive);
    SDVariable positive = isPositive.mul(weight);
    SDVariable sampled = MatchLoss.hardNegatives(similarity, isPositive, isNegative).mul(weight);

    if (parameters.variant() == Variant.A) {
      SDVariable loss = MatchLoss.ofSimilarity(similarity, positive, sampled);
      return graph(loss, MatchLoss.accuracy(similarity, isPositive), Set.of());
    }

    boolean isOwn = parameters.variant() == Variant.AG_PLUS;
    SDVariable voting = isOwn ? similarity(GEOMETRY, source, target, seed) : similarity;
    VotingParameters votes = parameters.voting().orElseThrow();
    int count = new OffsetBins(votes.offsets()).count();
    SDVariable bins = matches("bins").castTo(DataType.INT32);
    SDVariable loss = MatchLoss.ofVotes(similarity, voting, bins, count, votes, positive, sampled);
    SDVariable score = MatchLoss.score(similarity, voting, bins, count, votes);
    return graph(
        loss,
        MatchLoss.accuracy(score, isPositive),
        isOwn ? RegionEmbedding.tensors(APPEARANCE, shape).keySet() : Set.of());
  }

  /** Of each source region's matches, {@code [regions, 1]}. */
  private SDVariable weight(SDVariable isPositive) {
    SDVariable ones = isPositive.max(true, 1).mul(0).add(1);

    return switch (parameters.weight()) {
      case MATCH -> ones;
      case REGION -> ones.div(graph.math().max(isPositive.sum(true, 1), ones));
    };
  }

  private TrainingGraph graph(SDVariable loss, SDVariable accuracy, Set<String> frozen) {
    SDVariable total = graph.identity("total", loss);
    List<SDVariable> terms = List.of(graph.identity("accuracy", accuracy));
    return new TrainingGraph(graph, total, terms, List.of(), frozen);
  }

  private SDVariable similarity(String name, SDVariable source, SDVariable target, long seed) {
    RegionEmbedding embedding =
        RegionEmbedding.first(graph, name, shape, parameters.embedding().start(), type, seed);
    return RegionSimilarity.rectifiedCosine(embedding.apply(source), embedding.apply(target));
  }

  private SDVariable regions(String name) {
    int count = parameters.proposals().count();
    return graph.placeHolder(name, type, 1, count, shape.length()).reshape(count, shape.length());
  }

  private SDVariable matches(String name) {
    int count = parameters.proposals().count();
    return graph.placeHolder(name, type, 1, count, count).reshape(count, count);
  }
}

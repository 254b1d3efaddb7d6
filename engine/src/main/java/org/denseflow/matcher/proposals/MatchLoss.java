package org.denseflow.matcher.proposals;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The hinge loss of SCNet on sampled matches (Section 4; its released code) as a graph: the sum of
 * max(0, 1 - z) over positive and max(0, 1 + z) over as many negative matches, divided by twice the
 * number of positive ones. All arguments are {@code [sources, targets]}. A match that counts more
 * or less than others has its weight instead of 1 where it is marked as positive or sampled.
 */
public final class MatchLoss {
  /** Binary digits of the similarity from which on a negative match is a hard one. */
  private static final int DIGITS = 20;

  private MatchLoss() {}

  /**
   * The negative matches that are sampled: of each source region as many as it has positive ones,
   * the most similar first. No gradient passes.
   *
   * @param similarity f, 0..1
   * @param positive 1 where IoU with the ground truth is above T_pos, else 0
   * @param negative 1 where it is below T_neg, else 0
   * @return 1 where sampled, else 0; all of a region's negative matches where they are too few
   */
  public static SDVariable hardNegatives(
      SDVariable similarity, SDVariable positive, SDVariable negative) {
    SameDiff graph = similarity.getSameDiff();
    SDVariable wanted = positive.sum(true, 1);
    SDVariable threshold = wanted.mul(0);

    for (int digit = 1; digit <= DIGITS; digit++) {
      SDVariable higher = threshold.add(Math.pow(2, -digit));
      SDVariable above = mask(graph.gte(similarity.sub(higher), 0), similarity).mul(negative);
      SDVariable isEnough = mask(graph.gte(above.sum(true, 1).sub(wanted), 0), similarity);
      threshold = threshold.add(isEnough.mul(Math.pow(2, -digit)));
    }

    SDVariable hasPositive = mask(graph.gt(wanted, 0), similarity);
    return mask(graph.gte(similarity.sub(threshold), 0), similarity).mul(negative).mul(hasPositive);
  }

  /** Of SCNet-A, whose score z is the similarity f. */
  public static SDVariable ofSimilarity(
      SDVariable similarity, SDVariable positive, SDVariable sampledNegative) {
    SameDiff graph = similarity.getSameDiff();
    SDVariable missed = graph.nn().relu(similarity.rsub(1), 0).mul(positive).sum();
    SDVariable accepted = similarity.add(1).mul(sampledNegative).sum();
    return mean(missed.add(accepted), positive);
  }

  /**
   * Of SCNet-AG and SCNet-AG+, Eq. 9 and 12: z = f · (prior + votes of the bin), where votes are
   * sums of f_g, f itself for AG.
   *
   * <p>What is seen of gathering votes back from bins to matches is only which positive matches are
   * within the margin, where no gradient passes: with c = 1 for sampled negative matches, -1 for
   * such positive ones and 0 for all others, the sum of c(m) z(m) over matches is that of votes(x)
   * times the sum of c(m) f(m) over the bin, over bins x. The gather operations of SameDiff have no
   * gradient, sums over bins have one.
   *
   * @param geometry f_g
   * @param bins whole numbers: h(m), or the count where the match is too far off to score
   * @param count bins
   * @param parameters threshold and prior
   */
  public static SDVariable ofVotes(
      SDVariable similarity,
      SDVariable geometry,
      SDVariable bins,
      int count,
      VotingParameters parameters,
      SDVariable positive,
      SDVariable sampledNegative) {
    SameDiff graph = similarity.getSameDiff();
    SDVariable bin = bins.reshape(-1);
    SDVariable f = near(similarity, bin, count);
    SDVariable votes = votes(geometry, bin, count, parameters);
    SDVariable score = f.mul(graph.gather(votes, bin, 0));
    SDVariable missed = mask(graph.lt(score, 1), similarity).mul(positive.reshape(-1));
    SDVariable sign = sampledNegative.reshape(-1).sub(missed);
    SDVariable signed = graph.unsortedSegmentSum(f.mul(sign), bin, count + 1);
    SDVariable constant = missed.sum().add(sampledNegative.sum());
    return mean(votes.mul(signed).sum().add(constant), positive);
  }

  /**
   * z of all matches, which {@link #ofVotes} does without; no gradient passes.
   *
   * @return {@code [sources, targets]}
   */
  static SDVariable score(
      SDVariable similarity,
      SDVariable geometry,
      SDVariable bins,
      int count,
      VotingParameters parameters) {
    SameDiff graph = similarity.getSameDiff();
    SDVariable bin = bins.reshape(-1);
    SDVariable gathered = graph.gather(votes(geometry, bin, count, parameters), bin, 0);
    return graph.reshape(near(similarity, bin, count).mul(gathered), graph.shape(similarity));
  }

  /**
   * The share of source regions whose best match is a positive one, of those that have positive
   * ones.
   *
   * @param score z
   */
  static SDVariable accuracy(SDVariable score, SDVariable positive) {
    SameDiff graph = score.getSameDiff();
    SDVariable isBest = mask(graph.gte(score.sub(score.max(true, 1)), 0), score);
    SDVariable isRight = isBest.mul(positive).max(1);
    return isRight.sum().div(positive.max(1).sum());
  }

  private static SDVariable near(SDVariable similarity, SDVariable bin, int count) {
    SDVariable near = mask(similarity.getSameDiff().lt(bin, count), similarity);
    return similarity.reshape(-1).mul(near);
  }

  private static SDVariable votes(
      SDVariable geometry, SDVariable bin, int count, VotingParameters parameters) {
    SameDiff graph = geometry.getSameDiff();
    SDVariable voters = graph.nn().relu(geometry.sub(parameters.threshold()), 0).reshape(-1);
    return graph.unsortedSegmentSum(voters, bin, count + 1).add(parameters.prior());
  }

  private static SDVariable mean(SDVariable sum, SDVariable positive) {
    SDVariable count = positive.sum();
    return sum.div(positive.getSameDiff().math().max(count, count.mul(0).add(1)).mul(2));
  }

  private static SDVariable mask(SDVariable condition, SDVariable like) {
    return condition.castTo(like.dataType());
  }
}

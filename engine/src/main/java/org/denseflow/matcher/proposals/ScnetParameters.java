package org.denseflow.matcher.proposals;

import java.util.Optional;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.ProposalParameters;

/**
 * Parameters of the training of SCNet.
 *
 * @param variant what scores a match
 * @param proposals regions of both images (Section 5.1: 500)
 * @param pooling how they are read from the backbone's features
 * @param embedding the layer that is trained
 * @param voting the geometry term of {@link Variant#AG} and {@link Variant#AG_PLUS}
 * @param weight what counts the same in the loss
 * @param positiveAbove T_pos, Section 4: matches of more IoU with the ground truth are true
 * @param negativeBelow T_neg: matches of less are false
 */
public record ScnetParameters(
    Variant variant,
    ProposalParameters proposals,
    PoolingParameters pooling,
    EmbeddingParameters embedding,
    Optional<VotingParameters> voting,
    Weight weight,
    double positiveAbove,
    double negativeBelow) {

  /** What scores a match, Section 4. */
  public enum Variant {
    /** Appearance, Eq. 6. */
    A,
    /** Appearance and its votes, Eq. 9. */
    AG,
    /**
     * Appearance and the votes of a layer of their own, Eq. 12. That layer alone is trained
     * (released code).
     */
    AG_PLUS
  }

  /** What counts the same in the loss. */
  public enum Weight {
    /** Each sampled match (released code). */
    MATCH,
    /** Each source region, however many positive matches it has: our choice. */
    REGION
  }

  /** Checks the ranges. */
  public ScnetParameters {
    if (!(negativeBelow > 0 && negativeBelow <= positiveAbove && positiveAbove < 1)) {
      throw new IllegalArgumentException(
          "Invalid scnet: 0 < negative-below <= positive-above < 1 is needed, found %s and %s"
              .formatted(negativeBelow, positiveAbove));
    }

    EmbeddingShape.requireParts(pooling, embedding.layer(), embedding.size());

    if (variant != Variant.A && voting.isEmpty()) {
      throw new IllegalArgumentException("Missing configuration: scnet.voting");
    }

    if (voting.map(ScnetParameters::cannotBeLearnt).orElse(false)) {
      throw new IllegalArgumentException(
          "Invalid scnet: votes are learnt with ballot = every-match and smoothings = 0 (Eq. 9)");
    }
  }

  private static boolean cannotBeLearnt(VotingParameters voting) {
    return voting.ballot() != VotingParameters.Ballot.EVERY_MATCH || voting.smoothings() != 0;
  }
}

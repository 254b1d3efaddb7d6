package org.denseflow.matcher.proposals;

import java.util.Optional;
import org.denseflow.proposals.ProposalParameters;

/**
 * Parameters of the methods that match regions.
 *
 * @param proposals which regions
 * @param pooling how regions are described from a backbone's features; {@code hog} describes them
 *     itself
 * @param voting the geometry term; none, if absent
 * @param local local offsets, after the voting; none, if absent
 * @param flow from matched regions to flow
 */
public record RegionParameters(
    ProposalParameters proposals,
    PoolingParameters pooling,
    Optional<VotingParameters> voting,
    Optional<LocalOffsetParameters> local,
    FlowParameters flow) {

  /**
   * Features of regions from a feature map.
   *
   * @param kind how a region is read
   * @param side parts along x and along y that a region is pooled to (SCNet, Section 4: 7)
   * @param mean whether each channel's mean over the image's regions is kept
   */
  public record PoolingParameters(Kind kind, int side, Mean mean) {

    /** How a region is read. */
    public enum Kind {
      /** {@link RoiPooling}. */
      MAX,
      /** {@link RoiAlign}. */
      ALIGN
    }

    /** Each channel's mean over all parts of the image's regions. */
    public enum Mean {
      /** It is part of the features (SCNet). */
      KEPT,
      /** It is subtracted (our choice without training). */
      SUBTRACTED
    }

    /** Checks the range. */
    public PoolingParameters {
      if (side < 1 || side > 64) {
        throw new IllegalArgumentException("Invalid pooling: side must be 1 to 64, found " + side);
      }
    }
  }

  /**
   * From matched regions to flow.
   *
   * @param cell side of a flow cell in pixels of the working size
   * @param lambda weight of smoothness (released code: 20)
   * @param guideFalloff how fast smoothness ends at an edge of the image (released code: 30)
   * @param flowFalloff how fast it ends at an edge of the flow (released code: 15)
   */
  public record FlowParameters(int cell, double lambda, double guideFalloff, double flowFalloff) {

    /** Checks the ranges. */
    public FlowParameters {
      if (cell < 1) {
        throw new IllegalArgumentException("Invalid flow: cell must be at least 1, found " + cell);
      }

      if (!(lambda > 0 && guideFalloff >= 0 && flowFalloff >= 0)) {
        throw new IllegalArgumentException(
            "Invalid flow: lambda must be positive and falloffs not negative, found %s, %s and %s"
                .formatted(lambda, guideFalloff, flowFalloff));
      }
    }
  }
}

package org.denseflow.matcher.proposals;

import java.util.List;
import java.util.Optional;
import org.denseflow.proposals.KeypointWarp;
import org.denseflow.proposals.RegionBox;

/**
 * Which potential matches of a pair's regions are true and which are false (SCNet, Section 4): by
 * the IoU of the target region with where the ground truth takes the source region. Regions without
 * ground truth have neither.
 *
 * @param positive {@code [sources, targets]}: 1 where IoU is greater than T_pos, else 0
 * @param negative {@code [sources, targets]}: 1 where IoU is less than T_neg, else 0
 */
public record MatchLabels(float[] positive, float[] negative) {

  /**
   * Labels a pair.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param positiveAbove T_pos: 0.6, in the released code 0.5
   * @param negativeBelow T_neg: 0.4, in the released code 0.2
   */
  public static MatchLabels of(
      List<RegionBox> source,
      List<RegionBox> target,
      KeypointWarp truth,
      double positiveAbove,
      double negativeBelow) {
    float[] positive = new float[source.size() * target.size()];
    float[] negative = new float[source.size() * target.size()];

    for (int i = 0; i < source.size(); i++) {
      RegionBox own = source.get(i);
      Optional<RegionBox> wanted = truth.covers(own) ? truth.region(own) : Optional.empty();

      for (int j = 0; j < target.size() && wanted.isPresent(); j++) {
        double overlap = wanted.get().iou(target.get(j));
        positive[i * target.size() + j] = overlap > positiveAbove ? 1 : 0;
        negative[i * target.size() + j] = overlap < negativeBelow ? 1 : 0;
      }
    }

    return new MatchLabels(positive, negative);
  }
}

package org.denseflow.training;

import java.util.Optional;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.SyntheticPair;

/**
 * A pair of images that a system learns from, with all that is known of it.
 *
 * @param id names the pair in messages
 * @param source an image
 * @param target another image of the same kind of thing
 * @param sourceMask the object in the source; empty where it is not known
 * @param targetMask the object in the target; empty where it is not known
 * @param recipe the exact geometry of a synthetic pair; empty for two photographs
 * @param keypoints of both photographs; empty where they are not annotated
 */
public record TrainingPair(
    String id,
    RgbImage source,
    RgbImage target,
    Optional<Mask> sourceMask,
    Optional<Mask> targetMask,
    Optional<PairRecipe> recipe,
    Optional<KeypointPair> keypoints) {

  /** A synthetic pair. */
  public static TrainingPair of(String id, SyntheticPair pair) {
    return new TrainingPair(
        id,
        pair.source(),
        pair.target(),
        Optional.ofNullable(pair.sourceMask()),
        Optional.ofNullable(pair.targetMask()),
        Optional.of(pair.recipe()),
        Optional.empty());
  }
}

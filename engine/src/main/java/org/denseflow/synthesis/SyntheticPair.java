package org.denseflow.synthesis;

import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/**
 * A rendered pair.
 *
 * @param recipe how it was made; the ground truth comes from it, see {@link GroundTruth}
 * @param source the source view
 * @param target the target view
 * @param sourceMask the object in the source view, null where the image has no mask
 * @param targetMask the object in the target view, null where the image has no mask
 */
public record SyntheticPair(
    PairRecipe recipe, RgbImage source, RgbImage target, Mask sourceMask, Mask targetMask) {}

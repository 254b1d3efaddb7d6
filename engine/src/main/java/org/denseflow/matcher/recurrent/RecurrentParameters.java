package org.denseflow.matcher.recurrent;

import java.util.Optional;

/**
 * How a recurrent network is applied.
 *
 * @param passes how often
 * @param strength that SAM-Net's lambda is multiplied by; 1 if absent
 * @param scale cells of SAM-Net's style features on a side of a cell, on which the size of the
 *     stylised images depends; as in training if absent
 */
public record RecurrentParameters(int passes, Optional<Double> strength, Optional<Integer> scale) {

  /** Checks the ranges. */
  public RecurrentParameters {
    if (passes < 1 || passes > 100) {
      throw new IllegalArgumentException("Invalid passes: must be 1 to 100, found " + passes);
    }

    if (!(strength.orElse(1.0) >= 0 && strength.orElse(1.0) <= 1)) {
      throw new IllegalArgumentException(
          "Invalid strength: must be from 0 to 1, found " + strength.get());
    }

    if (scale.orElse(1) < 1 || scale.orElse(1) > 16) {
      throw new IllegalArgumentException("Invalid scale: must be 1 to 16, found " + scale.get());
    }
  }
}

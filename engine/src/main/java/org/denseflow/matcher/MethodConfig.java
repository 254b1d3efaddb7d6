package org.denseflow.matcher;

import java.util.Optional;
import org.denseflow.backbone.BackboneChoice;
import org.denseflow.image.WorkingSize;

/**
 * A method with all its parameters, as a preset gives them.
 *
 * @param method the method's name
 * @param image the working size
 * @param backbone where features come from
 * @param adaptation the share of a trained model's changes of the features that is used; all if
 *     absent
 * @param steps whether matches keep their intermediate results; not, if absent
 * @param own the method's own parameters
 */
public record MethodConfig<P extends Record>(
    String method,
    WorkingSize image,
    BackboneChoice backbone,
    Optional<Double> adaptation,
    Optional<Steps> steps,
    P own) {

  /** Whether intermediate results are kept. */
  public enum Steps {
    /** {@link Match#steps} and {@link Match#regions} have them. */
    KEEP
  }

  /** Checks the range, and that only one volume's grid is cut. */
  public MethodConfig {
    if (!(adaptation.orElse(1.0) >= 0 && adaptation.orElse(1.0) <= 1)) {
      throw new IllegalArgumentException(
          "Invalid adaptation: must be from 0 to 1, found " + adaptation.get());
    }

    if (image.matchesRing() && !(own instanceof ReadOutParameters)) {
      throw new IllegalArgumentException(
          "Invalid image.ring: %s cannot leave padding out after matching; set it to before"
              .formatted(method));
    }
  }

  /** What the flow's grid is. */
  public Decoding decoding() {
    return own instanceof ReadOutParameters volume
        ? volume.decoding().orElse(Decoding.CELLS)
        : Decoding.CELLS;
  }

  /** Whether matches keep their intermediate results. */
  public boolean keepsSteps() {
    return steps.isPresent();
  }
}

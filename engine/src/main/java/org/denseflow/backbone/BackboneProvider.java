package org.denseflow.backbone;

import java.util.List;
import java.util.Optional;

/**
 * A runtime of backbones: makes those that it has a name for, or of files of one kind. It is a
 * service, found by the {@code ServiceLoader}: each runtime lives in a package of its own, which
 * nothing else names. All methods throw {@link IllegalArgumentException} where the specification's
 * taps or options do not fit, and {@link org.denseflow.weights.WeightException} where its file does
 * not.
 */
public interface BackboneProvider {

  /** The names of the backbones that it makes. */
  default List<String> names() {
    return List.of();
  }

  /** How the names of files end that are backbones of their own, such as {@code .zip}. */
  default Optional<String> fileEnding() {
    return Optional.empty();
  }

  /** The description of a backbone; opens no weights for one that has a name. */
  BackboneInfo info(BackboneSpec spec);

  /**
   * Checks a specification without making the backbone or touching a device.
   *
   * @return the digest of the weights, {@link Backbone#NO_WEIGHTS} without
   */
  String validate(BackboneSpec spec);

  /** Makes a backbone. */
  Backbone create(BackboneSpec spec);
}

package org.denseflow.matcher;

import java.util.Optional;
import org.denseflow.backbone.BackboneInfo;

/**
 * The descriptor of a method of dense semantic correspondence: its name, its own parameters, and
 * what may be combined with it.
 *
 * @param <P> the method's own parameters, whose keys stand in presets beside those of {@link
 *     MethodConfig}
 */
public sealed interface Method<P extends Record> permits FeatureMethod, NetworkMethod {

  /** The value of {@code method} in presets; a preset of the same name has its defaults. */
  String name();

  /**
   * The number of the method's results: it is raised whenever the method, the features it is given
   * or its default parameters give other matches for the same images, so that no run has matches of
   * both.
   */
  int results();

  /** The class of the method's own parameters. */
  Class<P> parameters();

  /**
   * Checks what no record can check by itself.
   *
   * @throws IllegalArgumentException if the parameters do not fit the method
   */
  default void check(MethodConfig<P> config) {}

  /** The method to use without a trained model; empty where none is needed. */
  Optional<String> untrained();

  /** Why the method's features cannot be projected to fewer channels; empty where they can. */
  Optional<String> unprojectable(BackboneInfo backbone);

  /** Whether it matches features in half precision. */
  default boolean readsHalfPrecision() {
    return true;
  }
}

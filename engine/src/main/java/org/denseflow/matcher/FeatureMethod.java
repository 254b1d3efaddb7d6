package org.denseflow.matcher;

import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;

/**
 * A method that matches features as they are: the backbone's, or those that adaptation layers and a
 * projection make of them.
 */
public non-sealed interface FeatureMethod<P extends Record> extends Method<P> {

  /** Makes a matcher; the features belong to it. */
  DenseMatcher<?> create(MethodConfig<P> config, Backbone features);

  @Override
  default Optional<String> untrained() {
    return Optional.empty();
  }

  @Override
  default Optional<String> unprojectable(BackboneInfo backbone) {
    return Optional.empty();
  }
}

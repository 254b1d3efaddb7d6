package org.denseflow.matcher;

import java.nio.file.Path;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.BackboneInfo;

/** A method whose features go through trained networks of its own. */
public non-sealed interface NetworkMethod<P extends Record> extends Method<P> {

  /**
   * Reads a model and checks it, without the backbone.
   *
   * @return the digests of backbone and model
   * @throws org.denseflow.weights.WeightException if it is of another system or backbone, or lacks
   *     tensors
   */
  String digest(MethodConfig<P> config, Path model, BackboneIdentity backbone);

  /**
   * Makes a matcher; the backbone belongs to it.
   *
   * @throws org.denseflow.weights.WeightException as {@link #digest}
   */
  DenseMatcher<?> create(MethodConfig<P> config, Path model, Backbone backbone);

  @Override
  default Optional<String> unprojectable(BackboneInfo backbone) {
    return Optional.of("its networks were trained on features as the backbone makes them");
  }
}

package org.denseflow.matcher;

import java.util.Optional;
import java.util.function.Function;
import org.denseflow.backbone.Backbone;

/**
 * A method that is a read-out of the correlation volume.
 *
 * @param readOut makes the read-out
 * @param untrained the method to use without adaptation layers; empty where none are needed
 */
public record ReadOutMethod<P extends Record & ReadOutParameters>(
    String name,
    int results,
    Class<P> parameters,
    Function<MethodConfig<P>, ReadOut> readOut,
    Optional<String> untrained)
    implements FeatureMethod<P> {

  /** A method that needs no trained model. */
  public ReadOutMethod(
      String name, int results, Class<P> parameters, Function<MethodConfig<P>, ReadOut> readOut) {
    this(name, results, parameters, readOut, Optional.empty());
  }

  @Override
  public DenseMatcher<?> create(MethodConfig<P> config, Backbone features) {
    return new CorrelationMatcher(
        config.image(),
        config.own().correlation(),
        config.decoding(),
        config.own().mirror(),
        features,
        readOut.apply(config),
        features.weightDigest());
  }
}

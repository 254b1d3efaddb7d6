package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.NetworkMethod;

/**
 * A method that is passes of a recurrent network.
 *
 * @param reader of its models
 */
record RecurrentMethod(String name, int results, Reader reader)
    implements NetworkMethod<RecurrentMethod.Config> {

  /** The method's own parameters. */
  public record Config(RecurrentParameters recurrent) {}

  /** Reads a model. */
  interface Reader {

    /**
     * Reads a model.
     *
     * @throws org.denseflow.weights.WeightException if it is of another system or backbone, or
     *     lacks tensors
     */
    RecurrentModel<?> read(Path model, BackboneIdentity backbone, RecurrentParameters parameters);
  }

  @Override
  public Class<Config> parameters() {
    return Config.class;
  }

  @Override
  public Optional<String> untrained() {
    return Optional.of("guided, which has no learned parts");
  }

  /** The networks read features as they are. */
  @Override
  public boolean readsHalfPrecision() {
    return false;
  }

  @Override
  public String digest(MethodConfig<Config> config, Path model, BackboneIdentity backbone) {
    try (RecurrentModel<?> read = reader.read(model, backbone, config.own().recurrent())) {
      return read.digest();
    }
  }

  @Override
  public DenseMatcher<?> create(MethodConfig<Config> config, Path model, Backbone backbone) {
    RecurrentModel<?> read = reader.read(model, backbone.identity(), config.own().recurrent());
    return new RecurrentMatcher<>(config.image(), backbone, read, config.keepsSteps());
  }
}

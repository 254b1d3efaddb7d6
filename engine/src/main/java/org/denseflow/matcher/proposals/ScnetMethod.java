package org.denseflow.matcher.proposals;

import java.nio.file.Path;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.NetworkMethod;
import org.denseflow.matcher.proposals.RegionMethod.Geometry;

/**
 * A variant of SCNet: regions matched by trained embeddings.
 *
 * @param geometry which parameters it needs
 * @param use which embeddings it reads
 * @param without the method that matches the same way without training
 */
record ScnetMethod(String name, int results, Geometry geometry, ScnetModel.Use use, String without)
    implements NetworkMethod<RegionMethod.Config> {

  @Override
  public Class<RegionMethod.Config> parameters() {
    return RegionMethod.Config.class;
  }

  @Override
  public void check(MethodConfig<RegionMethod.Config> config) {
    geometry.require(config.own().regions());
  }

  @Override
  public Optional<String> untrained() {
    return Optional.of(without + ", which has no learned parts");
  }

  @Override
  public String digest(
      MethodConfig<RegionMethod.Config> config, Path model, BackboneIdentity backbone) {
    try (ScnetModel read = read(config, model, backbone)) {
      return read.digest();
    }
  }

  @Override
  public DenseMatcher<?> create(
      MethodConfig<RegionMethod.Config> config, Path model, Backbone backbone) {
    ScnetModel read = read(config, model, backbone.identity());
    return new RegionMatcher(
        config.image(), config.own().regions(), backbone, read, config.keepsSteps());
  }

  private ScnetModel read(
      MethodConfig<RegionMethod.Config> config, Path model, BackboneIdentity backbone) {
    return ScnetModel.read(model, use, config.own().regions().pooling(), backbone);
  }
}

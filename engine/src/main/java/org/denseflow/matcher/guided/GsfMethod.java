package org.denseflow.matcher.guided;

import java.nio.file.Path;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.NetworkMethod;

/** Guided Semantic Flow with its trained networks. */
record GsfMethod() implements NetworkMethod<GuidedConfig> {

  @Override
  public String name() {
    return GsfLearner.SYSTEM;
  }

  @Override
  public int results() {
    return 1;
  }

  @Override
  public Class<GuidedConfig> parameters() {
    return GuidedConfig.class;
  }

  @Override
  public Optional<String> untrained() {
    return Optional.of("guided, which has no learned parts");
  }

  @Override
  public String digest(MethodConfig<GuidedConfig> config, Path model, BackboneIdentity backbone) {
    try (GsfModel read = GsfModel.read(model, backbone)) {
      return read.digest();
    }
  }

  @Override
  public DenseMatcher<?> create(MethodConfig<GuidedConfig> config, Path file, Backbone backbone) {
    GsfModel model = GsfModel.read(file, backbone.identity());
    GuidedMatching readOut =
        new GuidedMatching(config.own().guided(), Optional.of(model), config.keepsSteps());
    return new CorrelationMatcher(
        config.image(),
        config.own().correlation(),
        config.decoding(),
        config.own().mirror(),
        model.features(backbone),
        readOut,
        model.digest());
  }
}

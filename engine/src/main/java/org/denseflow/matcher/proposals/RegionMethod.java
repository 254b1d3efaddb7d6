package org.denseflow.matcher.proposals;

import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneInfo.Regions;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.FeatureMethod;
import org.denseflow.matcher.MethodConfig;

/**
 * A method of Proposal Flow.
 *
 * @param geometry which parameters it needs
 */
record RegionMethod(String name, int results, Geometry geometry)
    implements FeatureMethod<RegionMethod.Config> {

  /** The own parameters of methods that match regions. */
  public record Config(RegionParameters regions) {}

  /** Which geometry terms a method needs parameters of. */
  enum Geometry {
    /** None. */
    NONE,
    /** Votes. */
    VOTES,
    /** Votes and local offsets. */
    LOCAL_OFFSETS;

    void require(RegionParameters regions) {
      if (this != NONE && regions.voting().isEmpty()) {
        throw new IllegalArgumentException("Missing configuration: regions.voting");
      }

      if (this == LOCAL_OFFSETS && regions.local().isEmpty()) {
        throw new IllegalArgumentException("Missing configuration: regions.local");
      }
    }
  }

  @Override
  public Class<Config> parameters() {
    return Config.class;
  }

  @Override
  public void check(MethodConfig<Config> config) {
    geometry.require(config.own().regions());
  }

  @Override
  public Optional<String> unprojectable(BackboneInfo backbone) {
    return backbone.regions() == Regions.GRADIENTS
        ? Optional.of(
            "with %s it describes regions by their own gradients".formatted(backbone.name()))
        : Optional.empty();
  }

  @Override
  public DenseMatcher<?> create(MethodConfig<Config> config, Backbone features) {
    return new RegionMatcher(config.image(), config.own().regions(), features, config.keepsSteps());
  }
}

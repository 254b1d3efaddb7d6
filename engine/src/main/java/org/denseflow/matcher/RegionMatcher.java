package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.HogBackbone;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.flow.FlowField;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.proposals.RegionFlow;
import org.denseflow.matcher.proposals.RegionMatching;
import org.denseflow.matcher.proposals.RegionParameters;
import org.denseflow.proposals.RegionMatch;

/**
 * Methods that match region proposals: the cosines of all pairs of regions as one matrix product, a
 * geometry term, and dense flow from the matched regions.
 */
final class RegionMatcher implements DenseMatcher {
  private final RegionDescriber describer;
  private final BlockCorrelation correlation;
  private final RegionMatching matching;
  private final RegionFlow flow;
  private final String digest;
  private final boolean keepsRegions;

  /** Makes a matcher; the backbone belongs to it. */
  RegionMatcher(MethodConfig config, RegionParameters parameters, Backbone backbone) {
    boolean isHog = backbone instanceof HogBackbone;
    this.describer =
        new RegionDescriber(
            config.image(), parameters, isHog ? Optional.empty() : Optional.of(backbone));
    this.correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
    this.matching = new RegionMatching(parameters.voting(), parameters.local());
    this.flow = new RegionFlow(parameters.flow());
    this.digest = backbone.weightDigest();
    this.keepsRegions = config.steps().isPresent();
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<ImageFeatures> describe(List<RgbImage> images) {
    return describer.describe(images);
  }

  @Override
  public List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.correlate(
        source.maps(),
        targets.stream().map(ImageFeatures::maps).toList(),
        volume -> matches.add(match(source, targets.get(matches.size()), volume.values())));
    return matches;
  }

  private Match match(ImageFeatures source, ImageFeatures target, float[] cosine) {
    ImageFeatures.Regions own = source.regions().orElseThrow();
    List<RegionMatch> regions =
        matching.match(own.boxes(), target.regions().orElseThrow().boxes(), cosine);
    FlowField field = flow.of(regions, own.guide());
    double score = regions.stream().mapToDouble(RegionMatch::similarity).average().orElse(0);
    boolean isEmpty = regions.stream().noneMatch(region -> region.score() > 0);
    return new Match(
        field,
        score,
        (int) regions.stream().filter(region -> region.score() > 0).count(),
        isEmpty ? Match.Fallback.NO_CONFIDENT_MATCH : Match.Fallback.NONE,
        List.of(),
        keepsRegions ? regions : List.of());
  }

  @Override
  public void close() {
    describer.close();
    correlation.close();
  }
}

package org.denseflow.matcher.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.HogBackbone;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.flow.FlowField;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;
import org.denseflow.proposals.RegionMatch;

/**
 * Methods that match region proposals: the cosines of all pairs of regions as one matrix product, a
 * geometry term, and dense flow from the matched regions.
 */
public final class RegionMatcher implements DenseMatcher {
  private final RegionDescriber describer;
  private final BlockCorrelation correlation;
  private final BlockCorrelation votes;
  private final RegionMatching matching;
  private final RegionFlow flow;
  private final String digest;
  private final boolean keepsRegions;

  /**
   * Makes a matcher of regions' features as they are; the backbone belongs to it.
   *
   * @param keepsRegions whether {@link Match#regions} has the matched regions
   */
  public RegionMatcher(
      WorkingSize size, RegionParameters parameters, Backbone backbone, boolean keepsRegions) {
    this(
        size,
        parameters,
        backbone instanceof HogBackbone ? Optional.empty() : Optional.of(backbone),
        Optional.empty(),
        backbone.weightDigest(),
        keepsRegions);
  }

  /** The same of trained embeddings of regions. */
  public RegionMatcher(
      WorkingSize size,
      RegionParameters parameters,
      Backbone backbone,
      ScnetModel model,
      boolean keepsRegions) {
    this(size, parameters, Optional.of(backbone), Optional.of(model), model.digest(), keepsRegions);
  }

  private RegionMatcher(
      WorkingSize size,
      RegionParameters parameters,
      Optional<Backbone> backbone,
      Optional<ScnetModel> model,
      String digest,
      boolean keepsRegions) {
    this.describer = new RegionDescriber(size, parameters, backbone, model);
    this.correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
    this.votes = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
    this.matching = new RegionMatching(parameters.voting(), parameters.local());
    this.flow = new RegionFlow(parameters.flow());
    this.digest = digest;
    this.keepsRegions = keepsRegions;
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
    correlate(
        correlation,
        0,
        source,
        targets,
        appearance -> {
          ImageFeatures target = targets.get(matches.size());
          Consumer<float[]> voted =
              geometry -> matches.add(match(source, target, appearance, geometry));

          if (source.maps().size() == 1) {
            voted.accept(appearance);
          } else {
            correlate(votes, 1, source, List.of(target), voted);
          }
        });
    return matches;
  }

  /** Of one level: appearance, or the geometry that votes. */
  private static void correlate(
      BlockCorrelation correlation,
      int level,
      ImageFeatures source,
      List<ImageFeatures> targets,
      Consumer<float[]> consumer) {
    correlation.correlate(
        List.of(source.maps().get(level)),
        targets.stream().map(target -> List.of(target.maps().get(level))).toList(),
        volume -> consumer.accept(volume.values()));
  }

  private Match match(
      ImageFeatures source, ImageFeatures target, float[] appearance, float[] geometry) {
    ImageFeatures.Regions own = source.regions().orElseThrow();
    List<RegionMatch> regions =
        matching.match(own.boxes(), target.regions().orElseThrow().boxes(), appearance, geometry);
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
    votes.close();
  }
}

package org.denseflow.matcher.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo.Regions;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.flow.FlowField;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.RegionFeatures;
import org.denseflow.proposals.RegionMatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matcher of region proposals: the cosines of all pairs of regions as one matrix product, a
 * geometry term, and dense flow from the matched regions.
 */
public final class RegionMatcher implements DenseMatcher<RegionFeatures> {
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
        Optional.of(backbone).filter(network -> network.info().regions() == Regions.POOLED),
        Optional.empty(),
        backbone.weightDigest(),
        keepsRegions);
  }

  /** The same of trained embeddings of regions; the model belongs to it too. */
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
  public Class<RegionFeatures> features() {
    return RegionFeatures.class;
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<RegionFeatures> describe(List<RgbImage> images) {
    return describer.describe(images);
  }

  @Override
  public List<Match> match(RegionFeatures source, List<RegionFeatures> targets) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.multiply(
        source.appearance(),
        targets.stream().map(RegionFeatures::appearance).toList(),
        appearance -> {
          RegionFeatures target = targets.get(matches.size());
          Consumer<float[]> voted =
              geometry -> matches.add(match(source, target, appearance, geometry));

          if (source.geometry().isEmpty()) {
            voted.accept(appearance);
          } else {
            List<INDArray> other = List.of(target.geometry().orElseThrow());
            votes.multiply(source.geometry().get(), other, voted);
          }
        });
    return matches;
  }

  private Match match(
      RegionFeatures source, RegionFeatures target, float[] appearance, float[] geometry) {
    List<RegionMatch> regions =
        matching.match(source.boxes(), target.boxes(), appearance, geometry);
    FlowField field = flow.of(regions, source.guide());
    double score = regions.stream().mapToDouble(RegionMatch::similarity).average().orElse(0);
    boolean isEmpty = regions.stream().noneMatch(region -> region.score() > 0);
    return new Match(
        field,
        score,
        (int) regions.stream().filter(region -> region.score() > 0).count(),
        isEmpty ? Match.Fallback.NO_CONFIDENT_MATCH : Match.Fallback.NONE,
        Optional.empty(),
        false,
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

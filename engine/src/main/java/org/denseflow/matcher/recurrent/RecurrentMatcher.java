package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.GridSize;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.Describer;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;

/**
 * RTNs and SAM-Net: passes of a trained network instead of one read-out of the whole correlation
 * volume.
 */
public final class RecurrentMatcher implements DenseMatcher {
  /** Pairs side by side: a network of many small operations is faster on several. */
  private static final int BLOCK = 4;

  private final Describer describer;
  private final RecurrentModel model;
  private final boolean keepsSteps;

  /**
   * Makes a matcher; the backbone belongs to it.
   *
   * @param keepsSteps whether {@link Match#steps} has the flow after each pass
   */
  public RecurrentMatcher(
      WorkingSize size, Backbone backbone, RecurrentModel model, boolean keepsSteps) {
    this.describer = new Describer(size, backbone);
    this.model = model;
    this.keepsSteps = keepsSteps;
  }

  @Override
  public String weightDigest() {
    return model.digest();
  }

  @Override
  public List<ImageFeatures> describe(List<RgbImage> images) {
    return AllOrNone.of(images, this::describeOne);
  }

  private ImageFeatures describeOne(RgbImage image) {
    try (ImageFeatures cells = describer.describe(List.of(image)).get(0)) {
      return new ImageFeatures(image.width(), image.height(), model.describe(cells.maps(), image));
    }
  }

  @Override
  public List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
    FeatureMap first = source.maps().get(0);
    GridSize grid = new GridSize(first.height(), first.width());
    List<Match> matches = new ArrayList<>();

    for (int from = 0; from < targets.size(); from += BLOCK) {
      List<List<FeatureMap>> block =
          targets.subList(from, Math.min(from + BLOCK, targets.size())).stream()
              .map(ImageFeatures::maps)
              .toList();
      model.match(source.maps(), block).forEach(result -> matches.add(match(result, grid)));
    }

    return matches;
  }

  private Match match(RecurrentModel.Result result, GridSize grid) {
    int last = result.fields().size() - 1;
    List<Match.Step> steps = new ArrayList<>();

    for (int pass = 0; keepsSteps && pass <= last; pass++) {
      Optional<RgbImage> stylised =
          result.images().isEmpty() ? Optional.empty() : Optional.of(result.images().get(pass));
      steps.add(new Match.Step("pass " + (pass + 1), flow(result, pass, grid).field(), stylised));
    }

    double score = 0;

    for (float cosine : result.cosine()) {
      score += Math.max(0, cosine) / grid.cells();
    }

    return new Match(flow(result, last, grid).field(), score, 0, Match.Fallback.NONE, steps);
  }

  private static CellFlow flow(RecurrentModel.Result result, int pass, GridSize grid) {
    int width = grid.width();
    CellFlow flow = new CellFlow(width, grid.height(), width, grid.height());

    for (int i = 0; i < grid.cells(); i++) {
      double[] position = result.position(pass, i, width);
      flow.set(i, position[0], position[1], result.cosine()[i]);
    }

    return flow;
  }

  @Override
  public void close() {
    describer.close();
  }
}

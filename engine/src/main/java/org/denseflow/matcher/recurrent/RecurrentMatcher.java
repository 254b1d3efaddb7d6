package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.Describer;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;

/**
 * The matcher of RTNs and SAM-Net: passes of a trained network instead of one read-out of the whole
 * correlation volume.
 *
 * @param <F> what the network needs of an image
 */
public final class RecurrentMatcher<F extends ImageFeatures> implements DenseMatcher<F> {
  /** Pairs side by side: a network of many small operations is faster on several. */
  private static final int BLOCK = 4;

  private final Describer describer;
  private final RecurrentModel<F> model;
  private final boolean keepsSteps;

  /**
   * Makes a matcher; the backbone and the model belong to it.
   *
   * @param keepsSteps whether {@link Match#steps} has the flow after each pass
   */
  public RecurrentMatcher(
      WorkingSize size, Backbone backbone, RecurrentModel<F> model, boolean keepsSteps) {
    this.describer = new Describer(size, backbone);
    this.model = model;
    this.keepsSteps = keepsSteps;
  }

  @Override
  public Class<F> features() {
    return model.features();
  }

  @Override
  public String weightDigest() {
    return model.digest();
  }

  @Override
  public List<F> describe(List<RgbImage> images) {
    return CloseableLists.of(images, this::describeOne);
  }

  private F describeOne(RgbImage image) {
    try (CellFeatures cells = describer.describe(List.of(image)).get(0)) {
      return model.describe(cells, image);
    }
  }

  @Override
  public List<Match> match(F source, List<F> targets) {
    Size grid = model.grid(source);
    List<Match> matches = new ArrayList<>();

    for (int from = 0; from < targets.size(); from += BLOCK) {
      List<F> block = targets.subList(from, Math.min(from + BLOCK, targets.size()));
      model.match(source, block).forEach(result -> matches.add(match(result, grid)));
    }

    return matches;
  }

  private Match match(RecurrentModel.Result result, Size grid) {
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

  private static CellFlow flow(RecurrentModel.Result result, int pass, Size grid) {
    CellFlow flow = new CellFlow(grid, grid);

    for (int i = 0; i < grid.cells(); i++) {
      double[] position = result.position(pass, i, grid.width());
      flow.set(i, position[0], position[1], result.cosine()[i]);
    }

    return flow;
  }

  @Override
  public void close() {
    model.close();
    describer.close();
  }
}

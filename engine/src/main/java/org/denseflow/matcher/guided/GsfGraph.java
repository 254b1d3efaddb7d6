package org.denseflow.matcher.guided;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.correlation.Displacements;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.denseflow.graph.BilinearSampling;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.WindowSampling;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Guided Semantic Flow as a graph. The first stage of Section 4.3: pruning network, propagation of
 * the confident matches, and the loss L_P (Eq. 10). The second adds the matching network (Eq. 9)
 * and the loss L_final (Eq. 15); features stay frozen (our choice: then they are computed once).
 *
 * <p>Placeholders, with d displacements and h·w cells: {@code volume [batch, d, h, w, 3]}, a {@link
 * PruningInput}; {@code label [batch, d, h·w]}, 1 for a match known to be right, -1 for one known
 * to be wrong, 0 for all others; {@code source} and {@code target [batch, h, w, channels]},
 * L2-normalised features; {@code source.mask [batch, h, w, 1]}; {@code truth} and {@code
 * truth.valid}, which only the second stage uses. The second stage has also {@code correlation
 * [batch, h·w, h·w]} and {@code target.mask}.
 */
final class GsfGraph {
  private static final double EPSILON = 1e-6;

  private final GsfParameters parameters;
  private final Size grid;
  private final Displacements displacements;
  private final int featureChannels;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();

  GsfGraph(GsfParameters parameters, Size grid, int featureChannels, DataType type) {
    this.parameters = parameters;
    this.grid = grid;
    this.displacements = new Displacements(grid, grid);
    this.featureChannels = featureChannels;
    this.type = type;
  }

  TrainingGraph build(long seed) {
    int cells = grid.cells();
    int count = displacements.count();
    SDVariable volume =
        graph.placeHolder(
            "volume", type, -1, count, grid.height(), grid.width(), PruningNetwork.INPUTS);
    PruningNetwork network = new PruningNetwork(graph, parameters.channels(), grid, type, seed);
    SDVariable input = volume.reshape(-1, grid.height(), grid.width(), PruningNetwork.INPUTS);
    SDVariable logits = network.logits(input).reshape(-1, count, cells);
    SDVariable consistency =
        volume
            .get(SDIndex.all(), SDIndex.all(), SDIndex.all(), SDIndex.all(), SDIndex.interval(0, 1))
            .reshape(-1, count, cells);
    SDVariable mask = map("source.mask", 1);
    SDVariable trusted = consistency.mul(graph.nn().sigmoid(logits));
    SDVariable pruned = trusted.mul(above(trusted, parameters.threshold()));
    // [batch, cells, displacements]
    SDVariable candidates = pruned.permute(0, 2, 1);
    SDVariable weights = graph.nn().softmax(candidates.mul(parameters.temperature()), 2);
    SDVariable guided =
        graph.mmul(weights.reshape(-1, count), constant(positions())).reshape(-1, cells, 2);
    SDVariable confidence =
        weights.mul(candidates).sum(2).mul(mask.reshape(-1, cells)).reshape(-1, cells, 1);
    SDVariable guidance = propagate(guided, confidence);
    SDVariable geometry =
        geometry(guidance, above(confidence, 0).reshape(-1, cells), mask).mul("geometry", 1);
    SDVariable silhouette = silhouette(logits, consistency, mask);
    graph.placeHolder("label", type, -1, count, cells);
    SDVariable truth = truth(logits, 1, "truth-loss");
    SDVariable total =
        truth
            .mul(parameters.truthWeight())
            .add(geometry.mul(parameters.geometryWeight()))
            .add(silhouette.mul(parameters.silhouetteWeight()));
    List<SDVariable> terms = new ArrayList<>();
    terms.add(truth(logits, 0, "truth-entropy"));
    terms.add(geometry);
    terms.add(silhouette);
    SDVariable flow = guidance;

    if (parameters.matching().isPresent()) {
      GsfParameters.Matching matching = parameters.matching().get();
      flow = guidance.add(residual(matching, guidance, seed + 1));
      total = total.add(secondStage(matching, flow, mask, terms));
    }

    terms.add(
        FlowLosses.endPointError(
            "epe",
            new FlowLosses.View(GridCells.unflatten(flow, grid, 2), mask),
            map("truth", 2),
            map("truth.valid", 1)));
    return new TrainingGraph(graph, graph.identity("total", total), terms, List.of());
  }

  /** L_final without L_P, Eq. 15, and our distance to the true flow; adds the terms to a list. */
  private SDVariable secondStage(
      GsfParameters.Matching matching, SDVariable flow, SDVariable mask, List<SDVariable> terms) {
    FlowLosses losses = new FlowLosses(grid, FlowLosses.Unit.CELLS);
    SDVariable reached = above(warped(map("target.mask", 1), 1, flow), 0.5);
    SDVariable both = mask.mul(GridCells.unflatten(reached, grid, 1));
    FlowLosses.View view = new FlowLosses.View(GridCells.unflatten(flow, grid, 2), both);
    FlowLosses.View known = new FlowLosses.View(view.flow(), mask.mul(map("truth.valid", 1)));
    SDVariable match = matching(matching, flow, both).mul("matching", 1);
    SDVariable smooth = losses.smoothness(view).mul("smooth", 1);
    SDVariable distance = losses.absoluteError(known, map("truth", 2));
    terms.add(match);
    terms.add(smooth);
    return match
        .mul(matching.weight())
        .add(smooth.mul(matching.smoothWeight()))
        .add(distance.mul(matching.truthWeight()));
  }

  /** Eq. 8-9: the second addend of tau, {@code [batch, h·w, 2]}. */
  private SDVariable residual(GsfParameters.Matching matching, SDVariable guidance, long seed) {
    int cells = grid.cells();
    MatchingNetwork.Window window = matching.window();
    MatchingNetwork network = new MatchingNetwork(graph, matching.channels(), window, type, seed);
    SDVariable volume = graph.placeHolder("correlation", type, -1, cells, cells);
    SDVariable seen =
        WindowSampling.apply(volume, cells, grid, guidance.add(cells()), window.radius());
    double[][] modulation = {window.modulation(grid.width(), grid.height())};
    SDVariable modulated = seen.mul(constant(modulation).reshape(1, 1, window.places()));
    return network
        .residual(modulated.reshape(-1, grid.height(), grid.width(), window.places()))
        .reshape(-1, cells, 2);
  }

  /**
   * Eq. 13-14: how little a cell's features stand out at its match among those at the matches of
   * its neighbours; the mean over the object (our choice).
   *
   * @param flow {@code [batch, h·w, 2]}
   * @param mask {@code [batch, h, w, 1]}
   */
  private SDVariable matching(GsfParameters.Matching matching, SDVariable flow, SDVariable mask) {
    SDVariable source = GridCells.flatten(map("source", featureChannels), grid, featureChannels);
    SDVariable warped = warped(map("target", featureChannels), featureChannels, flow);
    double temperature = matching.temperature();
    SDVariable own = source.mul(warped).sum(true, 2);
    // cosines are at most 1, so that the exponents are at most 0
    SDVariable others =
        graph
            .math()
            .exp(graph.mmul(source, warped, false, true, false).sub(1).mul(temperature))
            .mul(constant(windows(matching.neighbourhood())).reshape(1, grid.cells(), grid.cells()))
            .sum(true, 2);
    SDVariable surprise = graph.math().log(others).sub(own.sub(1).mul(temperature));
    return FlowLosses.foregroundMean(GridCells.unflatten(surprise, grid, 1), mask);
  }

  /** A map of the target read where source cells go to, {@code [batch, h·w, channels]}. */
  private SDVariable warped(SDVariable map, int channels, SDVariable flow) {
    return BilinearSampling.sample(map, grid, channels, flow.add(cells()), Border.REPLICATE);
  }

  private SDVariable cells() {
    return constant(cellPositions()).reshape(1, grid.cells(), 2);
  }

  /** Eq. 7, each confident match weighted by its confidence (our choice: so pruning can learn). */
  private SDVariable propagate(SDVariable guided, SDVariable confidence) {
    int cells = grid.cells();
    SDVariable kernel = constant(kernel());
    SDVariable numerator =
        graph
            .mmul(guided.mul(confidence).permute(0, 2, 1).reshape(-1, cells), kernel)
            .reshape(-1, 2, cells)
            .permute(0, 2, 1);
    SDVariable denominator =
        graph.mmul(confidence.reshape(-1, cells), kernel).reshape(-1, cells, 1);
    return numerator.div(denominator.add(EPSILON));
  }

  /**
   * Eq. 11: squared distance between the features of a cell and those it is guided to, counted as
   * often as the cell lies in the window of a confident one; divided by that number (our choice).
   */
  private SDVariable geometry(SDVariable guidance, SDVariable confident, SDVariable mask) {
    SDVariable warped = warped(map("target", featureChannels), featureChannels, guidance);
    SDVariable difference =
        GridCells.flatten(map("source", featureChannels), grid, featureChannels).sub(warped);
    SDVariable distance = difference.mul(difference).sum(2);
    SDVariable counts =
        graph
            .mmul(confident, constant(windows(parameters.window())))
            .mul(mask.reshape(-1, grid.cells()));
    return distance.mul(counts).sum().div(counts.sum().add(1));
  }

  /** Eq. 12, before the truncation: the mean of |log F| over the matches with Q above rho. */
  private SDVariable silhouette(SDVariable logits, SDVariable consistency, SDVariable mask) {
    SDVariable candidates =
        above(consistency, parameters.threshold()).mul(mask.reshape(-1, 1, grid.cells()));
    return softplus(logits.neg()).mul(candidates).sum().div("silhouette", candidates.sum().add(1));
  }

  /**
   * The cross entropy of the matches that are known to be right, and of those known to be wrong,
   * our addition: the mean of each, so that both kinds count alike.
   *
   * @param others how many matches are counted beside those of each kind
   */
  private SDVariable truth(SDVariable logits, double others, String name) {
    SDVariable label = graph.getVariable("label");
    SDVariable right = above(label, 0);
    SDVariable wrong = above(label.neg(), 0);
    SDVariable missed = softplus(logits.neg()).mul(right).sum().div(right.sum().add(others));
    SDVariable believed = softplus(logits).mul(wrong).sum().div(wrong.sum().add(others));
    return missed.add(name, believed);
  }

  /** log(1 + exp(x)). */
  private SDVariable softplus(SDVariable x) {
    SDVariable small = graph.math().log(graph.math().exp(graph.math().abs(x).neg()).add(1));
    return graph.nn().relu(x, 0).add(small);
  }

  /** 1 where x is larger than the threshold; no gradient passes. */
  private SDVariable above(SDVariable x, double threshold) {
    return graph.gt(x, threshold).castTo(type);
  }

  private SDVariable map(String name, int channels) {
    return graph.hasVariable(name)
        ? graph.getVariable(name)
        : graph.placeHolder(name, type, -1, grid.height(), grid.width(), channels);
  }

  private SDVariable constant(double[][] values) {
    return graph.constant(NativeArrays.cast(Nd4j.createFromArray(values), type));
  }

  private double[][] positions() {
    double[][] positions = new double[displacements.count()][];

    for (int d = 0; d < positions.length; d++) {
      positions[d] = new double[] {displacements.x(d), displacements.y(d)};
    }

    return positions;
  }

  private double[][] cellPositions() {
    double[][] positions = new double[grid.cells()][];

    for (int i = 0; i < positions.length; i++) {
      positions[i] = new double[] {i % grid.width(), i / grid.width()};
    }

    return positions;
  }

  private double[][] kernel() {
    double sigmaX = parameters.propagationSigma() * grid.width() / 20.0;
    double sigmaY = parameters.propagationSigma() * grid.height() / 20.0;
    double[][] kernel = new double[grid.cells()][grid.cells()];

    for (int i = 0; i < kernel.length; i++) {
      for (int s = 0; s < kernel.length; s++) {
        double dx = (i % grid.width() - s % grid.width()) / sigmaX;
        double dy = (i / grid.width() - s / grid.width()) / sigmaY;
        kernel[i][s] = Math.exp(-(dx * dx + dy * dy) / 2);
      }
    }

    return kernel;
  }

  /** 1 where two cells lie in one window of this side. */
  private double[][] windows(int side) {
    int reach = side / 2;
    double[][] windows = new double[grid.cells()][grid.cells()];

    for (int i = 0; i < windows.length; i++) {
      for (int l = 0; l < windows.length; l++) {
        boolean near =
            Math.abs(i % grid.width() - l % grid.width()) <= reach
                && Math.abs(i / grid.width() - l / grid.width()) <= reach;
        windows[i][l] = near ? 1 : 0;
      }
    }

    return windows;
  }
}

package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.graph.BatchNormalisation;
import org.denseflow.graph.ConvolutionBlock;
import org.denseflow.graph.CorrelationBlock;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.KernelSoftArgmaxBlock;
import org.denseflow.graph.L2Normalisation;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.graph.Upsampling;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * SFNet as a graph, from the backbone's features to the losses: adaptation layers and up-sampling
 * (Section 4.1), L2 normalisation (Section 3.1), correlation (Eq. 1), rectified as in the released
 * code, product of the levels (Section 4.1), normalisation over the candidates and kernel soft
 * argmax (Eq. 2-3), and mask consistency, flow consistency and smoothness in both directions (Eq.
 * 4-10). What the paper leaves open is {@link SfnetConventions}.
 *
 * <p>Placeholders: {@code source.<tap>} and {@code target.<tap>} {@code [batch, h, w, channels]};
 * {@code source.mask} and {@code target.mask} {@code [batch, h, w, 1]}; {@code truth} {@code
 * [batch, h, w, 2]}, the true flow in cells, and {@code truth.valid} {@code [batch, h, w, 1]},
 * which no loss uses: the end-point error on it is reported.
 */
final class SfnetGraph {
  /** Added under the root of the features' norm, as in the released code. */
  static final double EPSILON = 1e-6;

  private final SfnetParameters parameters;
  private final List<Level> levels;
  private final GraphMode mode;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();
  private final List<Statistic> statistics = new ArrayList<>();

  /** A tap of the backbone; the first level has the finest grid. */
  record Level(String tap, Size grid, int channels) {}

  SfnetGraph(SfnetParameters parameters, List<Level> levels, GraphMode mode, DataType type) {
    this.parameters = parameters;
    this.levels = levels;
    this.mode = mode;
    this.type = type;
  }

  TrainingGraph build(long seed) {
    List<SDVariable> volumes = new ArrayList<>();

    for (int i = 0; i < levels.size(); i++) {
      volumes.add(correlate(levels.get(i), parameters.adapter(i), seed + 1000L * i));
    }

    SDVariable volume = CorrelationBlock.product(volumes);
    Size grid = levels.get(0).grid();
    SfnetConventions conventions = parameters.conventions();
    FlowLosses losses =
        new FlowLosses(
            grid, FlowLosses.Unit.NORMALISED, conventions.warping(), conventions.smoothness());
    FlowLosses.View source =
        new FlowLosses.View(flow("source", volume, losses), placeholder("source.mask", grid, 1));
    FlowLosses.View target =
        new FlowLosses.View(
            flow("target", CorrelationBlock.reverse(volume), losses),
            placeholder("target.mask", grid, 1));
    List<SDVariable> terms = new ArrayList<>();
    SDVariable total = null;

    for (Term term :
        List.of(
            new Term("mask", parameters.maskWeight(), losses.maskConsistency(source, target)),
            new Term("flow", parameters.flowWeight(), losses.flowConsistency(source, target)),
            new Term("smooth", parameters.smoothWeight(), losses.smoothness(source, target)))) {
      SDVariable weighted = term.loss().mul(term.name(), term.weight());
      terms.add(weighted);

      if (term.weight() > 0) {
        total = total == null ? weighted : total.add(weighted);
      }
    }

    terms.add(
        FlowLosses.endPointError(
            "epe", source, placeholder("truth", grid, 2), placeholder("truth.valid", grid, 1)));
    return new TrainingGraph(graph, graph.identity("total", total), terms, statistics);
  }

  private record Term(String name, double weight, SDVariable loss) {}

  private SDVariable correlate(Level level, SfnetParameters.Adapter adapter, long seed) {
    SDVariable source = placeholder("source." + level.tap(), level.grid(), level.channels());
    SDVariable target = placeholder("target." + level.tap(), level.grid(), level.channels());

    AdapterLayout layout = new AdapterLayout(level.tap(), adapter, level.channels());

    for (List<AdapterLayout.Block> unit : layout.units()) {
      Views change = new Views(source, target);

      for (int i = 0; i < unit.size(); i++) {
        AdapterLayout.Block layer = unit.get(i);
        ConvolutionBlock block =
            new ConvolutionBlock(graph, layer.name(), layer.shape(), type, seed++);

        if (i == unit.size() - 1) {
          block.scale(parameters.initialScale());
        }

        change = apply(block, layer, level, change);
      }

      source = source.add(change.source());
      target = target.add(change.target());
    }

    source = graph.identity("adapted.source." + level.tap(), source);
    return CorrelationBlock.correlate(
        cells(source, level), cells(target, level), CorrelationBlock.Rectification.RELU);
  }

  private record Views(SDVariable source, SDVariable target) {}

  private Views apply(ConvolutionBlock block, AdapterLayout.Block layer, Level level, Views views) {
    String name = layer.name();
    int channels = layer.shape().out();

    if (mode == GraphMode.TRAINING) {
      BatchNormalisation.Trained source = block.training(views.source(), "source");
      BatchNormalisation.Trained target = block.training(views.target(), "target");
      statistics.add(new Statistic(name, channels, List.of(source, target), level.grid().cells()));
      return new Views(source.output(), target.output());
    }

    SDVariable mean = graph.placeHolder(Statistic.meanName(name), type, channels);
    SDVariable variance = graph.placeHolder(Statistic.varianceName(name), type, channels);
    return new Views(
        block.inference(views.source(), mean, variance),
        block.inference(views.target(), mean, variance));
  }

  /** Brought to the finest grid, L2-normalised, {@code [batch, h·w, channels]}. */
  private SDVariable cells(SDVariable map, Level level) {
    Size finest = levels.get(0).grid();
    SDVariable wide =
        level.grid().equals(finest)
            ? map
            : Upsampling.apply(
                map, level.channels(), level.grid(), finest, parameters.conventions().upsampling());
    return L2Normalisation.apply(
        GridCells.flatten(wide, finest, level.channels()), level.channels(), EPSILON);
  }

  private SDVariable flow(String view, SDVariable volume, FlowLosses losses) {
    Size grid = levels.get(0).grid();
    KernelSoftArgmaxBlock readOut = new KernelSoftArgmaxBlock(grid);
    SDVariable normalised = CorrelationBlock.normalise(volume, grid.cells());
    SDVariable positions =
        switch (parameters.argmax()) {
          case SOFT -> readOut.soft(normalised, parameters.beta());
          case KERNEL ->
              readOut.kernelSoft(
                  normalised,
                  parameters.beta(),
                  parameters.conventions().sigmaUnit().cells(parameters.sigma(), grid.width()));
        };
    return graph.identity("flow." + view, losses.flow(positions));
  }

  private SDVariable placeholder(String name, Size grid, int channels) {
    return graph.placeHolder(name, type, -1, grid.height(), grid.width(), channels);
  }
}

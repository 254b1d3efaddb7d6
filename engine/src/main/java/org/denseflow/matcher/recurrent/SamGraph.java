package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.graph.BoxFilter;
import org.denseflow.graph.Droplink;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.SoftmaxCrossEntropy;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.Upsampling;
import org.denseflow.graph.WindowCorrelation;
import org.denseflow.style.StyleShape;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SAM-Net as a graph: the semantic attribute matching loss of the last pass (Eq. 11, or Eq. 12-13
 * with a temperature), the content loss (Eq. 2), the smoothness of the stylised image, and on
 * synthetic pairs the distance to the true flow and of the stylised image to the source.
 *
 * <p>Placeholders: those of {@link RtnGraph}, {@code source.image} and {@code target.image [batch,
 * height, width, 3]}, 0..1, and {@code links [batch, passes · 2]}, b of each pass and level.
 */
final class SamGraph {
  private final RtnParameters rtn;
  private final SamParameters sam;
  private final SamShape shape;
  private final Size grid;
  private final GraphMode mode;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();

  SamGraph(
      RtnParameters rtn,
      SamParameters sam,
      SamShape shape,
      Size grid,
      GraphMode mode,
      DataType type) {
    this.rtn = rtn;
    this.sam = sam;
    this.shape = shape;
    this.grid = grid;
    this.mode = mode;
    this.type = type;
  }

  static SamShape shape(RtnParameters rtn, SamParameters sam, StyleShape style, int features) {
    return new SamShape(rtn.shape(features), style, sam.scale(), rtn.temperature());
  }

  TrainingGraph build(Map<String, INDArray> codec, long seed) {
    Optional<String> trained = sam.transfers() ? Optional.of(StyleShape.DECODER) : Optional.empty();
    SamNetwork network =
        new SamNetwork(graph, shape, grid, type, codec, trained, sam.styleShare(), seed);
    SDVariable image = image("source.image");
    SamNetwork.View source = view(network, "source", image);
    SamNetwork.View target = view(network, "target", image("target.image"));
    SDVariable links =
        graph.placeHolder("links", type, -1, (long) rtn.passes() * shape.style().links());
    SamNetwork.Passes passes =
        network.passes(
            source,
            target,
            rtn.passes(),
            sam.strength(),
            (pass, level, below, skipped) -> linked(links, pass, level, below, skipped));
    SamNetwork.Pass last = passes.last();
    SDVariable mask = placeholder("source.mask", 1);
    SDVariable truth = placeholder("truth", 2);
    SDVariable valid = placeholder("truth.valid", 1);
    FieldErrors errors = FieldErrors.of(passes.fields(), grid, mask, truth, valid);
    List<SDVariable> terms = new ArrayList<>();
    terms.add(attribute(last.stylised(), last.target(), mask).mul("match", rtn.matchWeight()));
    terms.add(errors.distance().mul("distance", rtn.truthWeight()));

    if (sam.transfers()) {
      terms.add(content(last.code(), source.levels().code()).mul("content", sam.contentWeight()));
      terms.add(steepness(last.image()).mul("smooth", sam.smoothWeight()));
      terms.add(resemblance(last.image(), image, valid).mul("image", sam.imageWeight()));
    }

    SDVariable total = terms.get(0);

    for (SDVariable term : terms.subList(1, terms.size())) {
      total = total.add(term);
    }

    terms.addAll(errors.ends());
    return new TrainingGraph(graph, graph.identity("total", total), terms, List.of());
  }

  private SamNetwork.View view(SamNetwork network, String name, SDVariable image) {
    return new SamNetwork.View(
        network.reduced(placeholder(name, shape.matching().features())), network.styled(image));
  }

  private SDVariable linked(
      SDVariable links, int pass, int level, SDVariable below, SDVariable skipped) {
    Size pixels = shape.pixels(grid);
    StyleShape style = shape.style();
    return mode == GraphMode.INFERENCE
        ? Droplink.apply(below, skipped)
        : Droplink.apply(
            below, skipped, style.values(level, pixels), links, pass * style.links() + level);
  }

  /** Eq. 11 or 12-13; patches N_i count by their mean. */
  private SDVariable attribute(SDVariable stylised, SDVariable target, SDVariable mask) {
    int radius = rtn.matchRadius();
    int side = 2 * radius + 1;

    if (sam.loss() == SamParameters.Loss.DISTANCE) {
      SDVariable difference = stylised.sub(target);
      SDVariable squares = difference.mul(difference).sum(true, 3);
      return FlowLosses.foregroundMean(BoxFilter.mean(squares, sam.patchRadius()), mask);
    }

    // of vectors of length 1: - |a - b|² = 2 a·b - 2
    SDVariable scores =
        BoxFilter.mean(
                WindowCorrelation.apply(stylised, target, grid, rtn.channels(), radius, 1),
                sam.patchRadius())
            .mul(2 * rtn.temperature());
    double[] centre = new double[side * side];
    centre[centre.length / 2] = 1;
    SDVariable label = graph.constant(NativeArrays.cast(Nd4j.createFromArray(centre), type));
    SDVariable beyond = SoftmaxCrossEntropy.ofCells(scores, label).sub(sam.truncation());
    return FlowLosses.foregroundMean(graph.nn().relu(beyond, 0).add(sam.truncation()), mask);
  }

  /** Eq. 2 over the mean square of the source's features. */
  private static SDVariable content(SDVariable stylised, SDVariable source) {
    SDVariable difference = stylised.sub(source);
    return difference.mul(difference).mean().div(source.mul(source).mean().add(1e-6));
  }

  /** The mean squared difference of neighbouring pixels. */
  private SDVariable steepness(SDVariable image) {
    int height = shape.pixels(grid).height();
    int width = shape.pixels(grid).width();
    SDVariable down =
        image
            .get(SDIndex.all(), SDIndex.interval(1, height))
            .sub(image.get(SDIndex.all(), SDIndex.interval(0, height - 1)));
    SDVariable right =
        image
            .get(SDIndex.all(), SDIndex.all(), SDIndex.interval(1, width))
            .sub(image.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(0, width - 1)));
    return down.mul(down).mean().add(right.mul(right).mean());
  }

  /** The mean squared distance of two images where a true match is known. */
  private SDVariable resemblance(SDVariable stylised, SDVariable source, SDVariable valid) {
    Size pixels = shape.pixels(grid);
    SDVariable known = Upsampling.apply(valid, 1, grid, pixels, Upsampling.Corners.EDGES);
    SDVariable difference = stylised.sub(source);
    SDVariable squares = difference.mul(difference).sum(true, 3);
    return FlowLosses.foregroundMean(squares, known);
  }

  private SDVariable image(String name) {
    Size pixels = shape.pixels(grid);
    return graph.placeHolder(name, type, -1, pixels.height(), pixels.width(), 3);
  }

  private SDVariable placeholder(String name, int channels) {
    return graph.placeHolder(name, type, -1, grid.height(), grid.width(), channels);
  }
}

package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.SoftmaxCrossEntropy;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.WindowCorrelation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * RTNs as a graph, from the backbone's features to the losses: the classification loss over M_i
 * (Eq. 5-6, with a temperature, of the last pass), and on synthetic pairs the distance to the true
 * flow, {@link FieldErrors}.
 *
 * <p>Placeholders: {@code source} and {@code target [batch, h, w, features]}; {@code source.mask
 * [batch, h, w, 1]}; {@code truth [batch, h, w, 2]} and {@code truth.valid [batch, h, w, 1]}.
 */
final class RtnGraph {
  private final RtnParameters parameters;
  private final Size grid;
  private final int features;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();

  RtnGraph(RtnParameters parameters, Size grid, int features, DataType type) {
    this.parameters = parameters;
    this.grid = grid;
    this.features = features;
    this.type = type;
  }

  TrainingGraph build(long seed) {
    RtnNetwork network = new RtnNetwork(graph, parameters.shape(features), grid, type, seed);
    List<RtnNetwork.View> source = network.views(placeholder("source", features));
    List<RtnNetwork.View> target = network.views(placeholder("target", features));
    RtnNetwork.Passes passes = network.passes(source, target, parameters.passes());
    SDVariable mask = placeholder("source.mask", 1);
    SDVariable truth = placeholder("truth", 2);
    SDVariable valid = placeholder("truth.valid", 1);
    FieldErrors errors = FieldErrors.of(passes.fields(), grid, mask, truth, valid);
    SDVariable match =
        match(source.get(0).described(), passes.target(), mask)
            .mul("match", parameters.matchWeight());
    SDVariable known = errors.distance().mul("distance", parameters.truthWeight());
    List<SDVariable> terms = new ArrayList<>(List.of(match, known));
    terms.addAll(errors.ends());
    return new TrainingGraph(graph, graph.identity("total", match.add(known)), terms, List.of());
  }

  /** Eq. 5-6. */
  private SDVariable match(SDVariable source, SDVariable target, SDVariable mask) {
    int radius = parameters.matchRadius();
    int side = 2 * radius + 1;
    SDVariable scores =
        WindowCorrelation.apply(source, target, grid, parameters.channels(), radius, 1)
            .mul(parameters.temperature());
    double[] centre = new double[side * side];
    centre[centre.length / 2] = 1;
    return SoftmaxCrossEntropy.masked(
        scores, graph.constant(NativeArrays.cast(Nd4j.createFromArray(centre), type)), mask);
  }

  private SDVariable placeholder(String name, int channels) {
    return graph.placeHolder(name, type, -1, grid.height(), grid.width(), channels);
  }
}

package org.denseflow.style;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.geometry.Size;
import org.denseflow.graph.Droplink;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.weights.KernelLayout;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Encoder and decoder as a graph: both images of a pair there and back, linked or not.
 *
 * <p>Placeholders: {@code source} and {@code target [batch, height, width, 3]}, 0..1, and {@code
 * links [batch, 2 · levels]}, b of Eq. 10 for the source's levels and the target's.
 */
final class CodecGraph {
  private final CodecParameters parameters;
  private final StyleShape shape;
  private final Size pixels;
  private final GraphMode mode;
  private final DataType type;
  private final SameDiff graph = OwnedGraph.empty();

  CodecGraph(
      CodecParameters parameters, StyleShape shape, Size pixels, GraphMode mode, DataType type) {
    this.parameters = parameters;
    this.shape = shape;
    this.pixels = pixels;
    this.mode = mode;
    this.type = type;
  }

  /**
   * Builds the graph.
   *
   * @param tensors kernels {@code [out, in, kH, kW]}; those of the decoder are trained
   */
  TrainingGraph build(Map<String, INDArray> tensors) {
    StyleNetwork network = new StyleNetwork(graph, shape, variables(tensors));
    SDVariable image = graph.concat(0, placeholder("source"), placeholder("target"));
    SDVariable links = links();
    StyleNetwork.Levels levels = network.encode(image, pixels);
    SDVariable back =
        network.decode(
            levels.code(),
            pixels,
            (level, below) -> linked(below, levels.linked().get(level), links, level));
    SDVariable code = network.encode(back, pixels).code();
    SDVariable own = levels.code();
    List<SDVariable> terms = new ArrayList<>();
    terms.add(squares(back, image).mul("pixels", parameters.pixelWeight()));
    terms.add(
        squares(code, own)
            .div(own.mul(own).mean().add(1e-6))
            .mul("content", parameters.contentWeight()));
    SDVariable total = graph.identity("total", terms.get(0).add(terms.get(1)));
    return new TrainingGraph(graph, total, terms, List.of());
  }

  private Map<String, SDVariable> variables(Map<String, INDArray> tensors) {
    Map<String, SDVariable> variables = new HashMap<>();
    shape
        .tensors()
        .keySet()
        .forEach(
            name -> {
              INDArray values = tensors.get(name).castTo(type);
              SDVariable variable =
                  name.startsWith(StyleShape.DECODER)
                      ? graph.var(name, values)
                      : graph.constant(name, values);
              variables.put(
                  name, values.rank() == 4 ? variable.permute(KernelLayout.applied()) : variable);
            });
    return variables;
  }

  /** b of both images of each pair, {@code [2 · batch, levels]}. */
  private SDVariable links() {
    int levels = shape.links();
    SDVariable both = graph.placeHolder("links", type, -1, 2L * levels);
    return graph.concat(
        0,
        both.get(SDIndex.all(), SDIndex.interval(0, levels)),
        both.get(SDIndex.all(), SDIndex.interval(levels, 2 * levels)));
  }

  private SDVariable linked(SDVariable below, SDVariable skipped, SDVariable links, int level) {
    return mode == GraphMode.INFERENCE
        ? Droplink.apply(below, skipped)
        : Droplink.apply(below, skipped, shape.values(level, pixels), links, level);
  }

  private static SDVariable squares(SDVariable a, SDVariable b) {
    SDVariable difference = a.sub(b);
    return difference.mul(difference).mean();
  }

  private SDVariable placeholder(String name) {
    return graph.placeHolder(name, type, -1, pixels.height(), pixels.width(), 3);
  }
}

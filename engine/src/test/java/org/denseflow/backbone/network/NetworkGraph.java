package org.denseflow.backbone.network;

import java.util.List;
import java.util.Map;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network as a graph of its own, for tests. */
public final class NetworkGraph {
  private NetworkGraph() {}

  /**
   * Computes nodes of a network.
   *
   * @param image {@code [batch, height, width, 3]}, preprocessed
   */
  public static List<INDArray> run(
      Network network, List<String> nodes, WeightMap weights, INDArray image) {
    SameDiff graph = SameDiff.create();
    SDVariable input = graph.placeHolder(Network.INPUT, DataType.FLOAT, -1, -1, -1, 3);
    List<String> outputs = new SameDiffNetwork(network, nodes, weights, input, Map.of()).outputs();
    Map<String, INDArray> values = graph.output(Map.of(Network.INPUT, image), outputs);
    return outputs.stream().map(values::get).toList();
  }
}

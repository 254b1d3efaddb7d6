package org.denseflow.matcher.guided;

import java.util.Map;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphCache;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained pruning network (Guided Semantic Flow, Eq. 5). Used by one thread at a time. */
final class PruningModel implements AutoCloseable {
  private static final String INPUT = "volume";
  private static final String TRUST = "trust";

  private final Map<String, Tensor> tensors;
  private final GraphCache<Size> graphs = new GraphCache<>(this::graph);
  private final int channels;
  private final double supportSigma;

  PruningModel(WeightMap map) {
    this.channels = map.length(PruningNetwork.FIRST_BIAS);
    this.supportSigma = TrainedModel.positive(map, GsfLearner.SUPPORT_SIGMA);
    this.tensors = TrainedModel.take(map, tensors(map));
  }

  /** The shapes of the network's tensors in a model. */
  static Map<String, int[]> tensors(WeightMap map) {
    return PruningNetwork.tensors(map.length(PruningNetwork.FIRST_BIAS));
  }

  /**
   * Q · F(Q) of all matches, before the truncation.
   *
   * @param volume rectified; it is not changed
   * @return {@code [source cells, target cells]}
   */
  float[] trusted(CorrelationVolume volume) {
    PruningInput input = PruningInput.of(volume, supportSigma);
    Displacements numbers = input.grid();
    float[] values = trust(input, volume.source());
    float[] result = new float[volume.rows() * volume.columns()];

    for (int i = 0; i < volume.rows(); i++) {
      for (int j = 0; j < volume.columns(); j++) {
        int at = numbers.index(i, j);
        result[i * volume.columns() + j] = input.values()[PruningNetwork.INPUTS * at] * values[at];
      }
    }

    return result;
  }

  private float[] trust(PruningInput input, Size grid) {
    long[] shape = {input.grid().count(), grid.height(), grid.width(), PruningNetwork.INPUTS};

    try (INDArray array = Nd4j.create(input.values(), shape, 'c')) {
      return NativeArrays.values(graphs.get(grid).output(Map.of(INPUT, array), TRUST));
    }
  }

  private OwnedGraph graph(Size grid) {
    SameDiff graph = OwnedGraph.empty();
    SDVariable input =
        graph.placeHolder(
            INPUT, DataType.FLOAT, -1, grid.height(), grid.width(), PruningNetwork.INPUTS);
    PruningNetwork network = new PruningNetwork(graph, channels, grid, DataType.FLOAT, 0);
    graph.nn().sigmoid(TRUST, network.logits(input));
    TrainedModel.load(tensors, network::load);
    return new OwnedGraph(graph);
  }

  @Override
  public void close() {
    graphs.close();
  }
}

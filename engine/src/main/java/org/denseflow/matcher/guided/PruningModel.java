package org.denseflow.matcher.guided;

import java.util.HashMap;
import java.util.Map;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.graph.GridSize;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained pruning network (Guided Semantic Flow, Eq. 5). Used by one thread at a time. */
final class PruningModel {
  private static final String INPUT = "volume";
  private static final String TRUST = "trust";

  private final Map<String, INDArray> tensors;
  private final Map<GridSize, SameDiff> graphs = new HashMap<>();
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
    GridSize grid = new GridSize(volume.sourceHeight(), volume.sourceWidth());
    SameDiff graph = graphs.computeIfAbsent(grid, this::graph);
    INDArray array =
        Nd4j.create(
            input.values(),
            new long[] {numbers.count(), grid.height(), grid.width(), PruningNetwork.INPUTS},
            'c');
    INDArray trust = graph.outputSingle(Map.of(INPUT, array), TRUST);
    float[] values = trust.dup('c').data().asFloat();
    array.close();
    trust.close();
    float[] result = new float[volume.rows() * volume.columns()];

    for (int i = 0; i < volume.rows(); i++) {
      for (int j = 0; j < volume.columns(); j++) {
        int at = numbers.index(i, j);
        result[i * volume.columns() + j] = input.values()[PruningNetwork.INPUTS * at] * values[at];
      }
    }

    return result;
  }

  private SameDiff graph(GridSize grid) {
    SameDiff graph = SameDiff.create();
    SDVariable input =
        graph.placeHolder(
            INPUT, DataType.FLOAT, -1, grid.height(), grid.width(), PruningNetwork.INPUTS);
    PruningNetwork network = new PruningNetwork(graph, channels, grid, DataType.FLOAT, 0);
    graph.nn().sigmoid(TRUST, network.logits(input));
    network.load(tensors);
    return graph;
  }
}

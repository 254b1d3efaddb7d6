package org.denseflow.matcher.guided;

import java.util.Map;
import java.util.Optional;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
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

/** A trained matching network (Guided Semantic Flow, Eq. 9). Used by one thread at a time. */
final class MatchingModel implements AutoCloseable {
  private static final String SIGMA = "denseflow.matching-sigma";
  private static final String BETA = "denseflow.matching-beta";
  private static final String INPUT = "modulated";
  private static final String RESIDUAL = "residual";

  private final Map<String, Tensor> tensors;
  private final GraphCache<Size> graphs = new GraphCache<>(this::graph);
  private final MatchingNetwork.Window window;
  private final int channels;

  private MatchingModel(Map<String, Tensor> tensors, MatchingNetwork.Window window, int channels) {
    this.tensors = tensors;
    this.window = window;
    this.channels = channels;
  }

  /** Adds the network's window to a model's metadata. */
  static void describe(MatchingNetwork.Window window, Map<String, String> metadata) {
    metadata.put(SIGMA, String.valueOf(window.sigma()));
    metadata.put(BETA, String.valueOf(window.beta()));
  }

  /** The shapes of the network's tensors in a model; none if it was trained without. */
  static Map<String, int[]> tensors(WeightMap map) {
    return map.metadata().containsKey(SIGMA)
        ? MatchingNetwork.tensors(
            map.length(MatchingNetwork.FIRST_BIAS), map.length(MatchingNetwork.LAST_BIAS))
        : Map.of();
  }

  /** Takes the network out of a model, if it was trained with it. */
  static Optional<MatchingModel> of(WeightMap map) {
    Map<String, Tensor> tensors = TrainedModel.take(map, tensors(map));

    if (tensors.isEmpty()) {
      return Optional.empty();
    }

    int side = (int) Math.round(Math.sqrt(map.length(MatchingNetwork.LAST_BIAS)));
    MatchingNetwork.Window window =
        new MatchingNetwork.Window(
            side / 2, TrainedModel.positive(map, SIGMA), TrainedModel.positive(map, BETA));
    return Optional.of(new MatchingModel(tensors, window, map.length(MatchingNetwork.FIRST_BIAS)));
  }

  /**
   * Where each source cell's match lies from where it is guided to.
   *
   * @param volume its grids; the values are not used
   * @param values of the rectified volume, {@code [source cells, target cells]}
   * @param guidance for each source cell the target position (x, y), in cells
   * @return (x, y) for each source cell, in target cells
   */
  float[] residual(CorrelationVolume volume, float[] values, double[] guidance) {
    Size grid = volume.source();

    try (INDArray input =
        Nd4j.create(
            modulated(volume, values, guidance),
            new long[] {1, grid.height(), grid.width(), window.places()},
            'c')) {
      return NativeArrays.values(graphs.get(grid).output(Map.of(INPUT, input), RESIDUAL));
    }
  }

  /** Eq. 8 in the window, {@code [source cells, places]}. */
  float[] modulated(CorrelationVolume volume, float[] values, double[] guidance) {
    double[] modulation = window.modulation(volume.target().width(), volume.target().height());
    float[] result = new float[volume.rows() * modulation.length];

    for (int i = 0; i < volume.rows(); i++) {
      int from = i * volume.columns();

      for (int k = 0; k < modulation.length; k++) {
        double x = guidance[2 * i] + window.x(k);
        double y = guidance[2 * i + 1] + window.y(k);
        double value =
            Bilinear.at(volume.target(), x, y, Border.ZERO).read(cell -> values[from + cell]);
        result[i * modulation.length + k] = (float) (modulation[k] * value);
      }
    }

    return result;
  }

  private OwnedGraph graph(Size grid) {
    SameDiff graph = OwnedGraph.empty();
    SDVariable input =
        graph.placeHolder(INPUT, DataType.FLOAT, -1, grid.height(), grid.width(), window.places());
    MatchingNetwork network = new MatchingNetwork(graph, channels, window, DataType.FLOAT, 0);
    graph.identity(RESIDUAL, network.residual(input));
    TrainedModel.load(tensors, network::load);
    return new OwnedGraph(graph);
  }

  @Override
  public void close() {
    graphs.close();
  }
}

package org.denseflow.matcher.rtn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.training.AffineReceptiveField;
import org.denseflow.training.GridSize;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of RTNs. Used by one thread at a time. */
public final class RtnModel {
  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final String FIELDS = "fields.";
  private static final String COSINE = "cosine";

  private final RtnShape shape;
  private final Map<String, INDArray> tensors;
  private final String digest;
  private final int passes;
  private final Map<GridSize, SameDiff> graphs = new HashMap<>();

  private RtnModel(RtnShape shape, Map<String, INDArray> tensors, String digest, int passes) {
    this.shape = shape;
    this.tensors = tensors;
    this.digest = digest;
    this.passes = passes;
  }

  /**
   * Reads a model.
   *
   * @param weights digest of the backbone's weights
   * @param passes how often its network is applied
   * @throws WeightException if it is of another system or backbone, or lacks tensors
   */
  public static RtnModel read(
      Path model, String backbone, List<String> taps, String weights, int passes) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, RtnLearner.SYSTEM, backbone, taps, weights);
    RtnShape shape = RtnShape.of(map);
    return new RtnModel(shape, TrainedModel.take(map, shape.tensors()), digest, passes);
  }

  /** The digests of backbone and model. */
  public String digest() {
    return digest;
  }

  /**
   * What the passes come to.
   *
   * @param fields after each pass {@code [h·w, 6]}, as in {@link AffineReceptiveField}
   * @param cosine between each source cell's features and those at its match, {@code [h·w]}
   */
  public record Result(List<float[]> fields, float[] cosine) {

    /** Where a source cell of a grid lies after a pass, (x, y) in target cells. */
    public double[] position(int pass, int cell, int width) {
      int at = AffineReceptiveField.PARAMETERS * cell;
      float[] own = fields.get(pass);
      return new double[] {cell % width + own[at + 2], cell / width + own[at + 5]};
    }
  }

  /**
   * Matches.
   *
   * @param source L2-normalised features, {@code [h·w, channels]}
   * @param target of the same grid
   */
  public Result match(INDArray source, INDArray target, GridSize grid) {
    SameDiff graph = graphs.computeIfAbsent(grid, this::graph);
    List<String> names = new ArrayList<>();

    for (int pass = 0; pass < passes; pass++) {
      names.add(FIELDS + pass);
    }

    names.add(COSINE);
    Map<String, INDArray> output =
        graph.output(Map.of(SOURCE, map(source, grid), TARGET, map(target, grid)), names);
    List<float[]> values = new ArrayList<>();

    for (String name : names) {
      values.add(output.get(name).dup('c').data().asFloat());
      output.get(name).close();
    }

    return new Result(List.copyOf(values.subList(0, passes)), values.get(passes));
  }

  private INDArray map(INDArray cells, GridSize grid) {
    return cells.reshape('c', 1, grid.height(), grid.width(), shape.features());
  }

  private SameDiff graph(GridSize grid) {
    SameDiff graph = SameDiff.create();
    RtnNetwork network = new RtnNetwork(graph, shape, grid, DataType.FLOAT, 0);
    SDVariable reduced = network.reduced(placeholder(graph, SOURCE, grid));
    SDVariable source = network.described(reduced, network.upright(reduced));
    SDVariable target = network.reduced(placeholder(graph, TARGET, grid));
    List<RtnNetwork.Pass> all = network.passes(source, target, passes);

    for (int pass = 0; pass < passes; pass++) {
      graph.identity(FIELDS + pass, all.get(pass).fields());
    }

    source.mul(all.get(passes - 1).target()).sum(COSINE, 3);
    network.load(tensors);
    return graph;
  }

  private SDVariable placeholder(SameDiff graph, String name, GridSize grid) {
    return graph.placeHolder(
        name, DataType.FLOAT, -1, grid.height(), grid.width(), shape.features());
  }
}

package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.training.GridSize;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of RTNs. */
public final class RtnModel implements RecurrentModel {
  private static final String FEATURES = "features";
  private static final String REDUCED = "reduced";
  private static final String DESCRIBED = "described";
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

  @Override
  public String digest() {
    return digest;
  }

  /** The reduced features, which a target's fields transform, and those of a source, upright. */
  @Override
  public List<FeatureMap> describe(List<FeatureMap> features, RgbImage image) {
    GridSize grid = Maps.grid(features);
    INDArray joined = FeatureMaps.joined(features);
    features.forEach(FeatureMap::close);
    Map<String, INDArray> output =
        graph(grid).output(Map.of(FEATURES, Maps.batch(joined, grid)), REDUCED, DESCRIBED);
    joined.close();
    return List.of(
        Maps.of(REDUCED, grid, output.get(REDUCED)),
        Maps.of(DESCRIBED, grid, output.get(DESCRIBED)));
  }

  @Override
  public Result match(List<FeatureMap> source, List<FeatureMap> target) {
    GridSize grid = Maps.grid(source);
    List<String> names = new ArrayList<>();

    for (int pass = 0; pass < passes; pass++) {
      names.add(FIELDS + pass);
    }

    names.add(COSINE);
    Map<String, INDArray> inputs =
        Map.of(
            SOURCE,
            Maps.batch(source.get(1).values(), grid),
            TARGET,
            Maps.batch(target.get(0).values(), grid));
    Map<String, INDArray> output = graph(grid).output(inputs, names);
    List<float[]> values = names.stream().map(name -> Maps.read(output.get(name))).toList();
    return new Result(values.subList(0, passes), values.get(passes), List.of());
  }

  private SameDiff graph(GridSize grid) {
    return graphs.computeIfAbsent(grid, this::build);
  }

  private SameDiff build(GridSize grid) {
    SameDiff graph = SameDiff.create();
    RtnNetwork network = new RtnNetwork(graph, shape, grid, DataType.FLOAT, 0);
    SDVariable reduced = network.reduced(Maps.placeholder(graph, FEATURES, grid, shape.features()));
    graph.identity(REDUCED, reduced);
    graph.identity(DESCRIBED, network.described(reduced, network.upright(reduced)));
    SDVariable source = Maps.placeholder(graph, SOURCE, grid, shape.channels());
    SDVariable target = Maps.placeholder(graph, TARGET, grid, shape.channels());
    List<RtnNetwork.Pass> all = network.passes(source, target, passes);

    for (int pass = 0; pass < passes; pass++) {
      graph.identity(FIELDS + pass, all.get(pass).fields());
    }

    source.mul(all.get(passes - 1).target()).sum(COSINE, 3);
    network.load(tensors);
    return graph;
  }
}

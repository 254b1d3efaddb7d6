package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.GridSize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of RTNs. */
public final class RtnModel implements RecurrentModel {
  private static final String FEATURES = "features";
  private static final String REDUCED = "reduced.";
  private static final String DESCRIBED = "described.";
  private static final String SOURCE = "source.";
  private static final String TARGET = "target.";
  private static final String START = "start";

  private final RtnShape shape;
  private final Map<String, INDArray> tensors;
  private final String digest;
  private final PassOutputs outputs;
  private final Map<GridSize, SameDiff> graphs = new HashMap<>();

  private RtnModel(RtnShape shape, Map<String, INDArray> tensors, String digest, int passes) {
    this.shape = shape;
    this.tensors = tensors;
    this.digest = digest;
    this.outputs = new PassOutputs(passes, Optional.empty());
  }

  /**
   * Reads a model.
   *
   * @param passes how often its network is applied
   * @throws WeightException if it is of another system or backbone, or lacks tensors
   */
  public static RtnModel read(Path model, BackboneIdentity features, int passes) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, RtnLearner.SYSTEM, features);
    RtnShape shape = RtnShape.of(map);
    return new RtnModel(shape, TrainedModel.take(map, shape.tensors()), digest, passes);
  }

  @Override
  public String digest() {
    return digest;
  }

  /**
   * On each grid, the finest first, the reduced features, which a target's fields transform, and
   * those of upright receptive fields.
   */
  @Override
  public List<FeatureMap> describe(List<FeatureMap> features, RgbImage image) {
    GridSize grid = Maps.grid(features);
    List<String> names = new ArrayList<>();

    for (int level = 0; level < shape.levels(); level++) {
      names.add(REDUCED + level);
      names.add(DESCRIBED + level);
    }

    try (INDArray joined = FeatureMaps.joined(features)) {
      features.forEach(FeatureMap::close);
      Map<String, INDArray> output =
          graph(grid).output(Map.of(FEATURES, Maps.batch(joined, grid)), names);
      return AllOrNone.of(names, name -> Maps.of(name, output.get(name)));
    }
  }

  @Override
  public List<Result> match(List<FeatureMap> source, List<List<FeatureMap>> targets) {
    List<List<FeatureMap>> sources = Collections.nCopies(targets.size(), source);
    Map<String, INDArray> inputs = new HashMap<>();
    int levels = shape.levels();

    for (int level = 0; level < levels; level++) {
      inputs.put(SOURCE + level, Maps.stacked(sources, 2 * level + 1));
      inputs.put(TARGET + level, Maps.stacked(targets, 2 * level));
    }

    inputs.put(START, Maps.stacked(targets, 2 * levels - 1));
    return outputs.run(graph(Maps.grid(source)), inputs, targets.size());
  }

  private SameDiff graph(GridSize grid) {
    return graphs.computeIfAbsent(grid, this::build);
  }

  private SameDiff build(GridSize grid) {
    SameDiff graph = SameDiff.create();
    RtnNetwork network = new RtnNetwork(graph, shape, grid, DataType.FLOAT, 0);
    List<RtnNetwork.View> views =
        network.views(Maps.placeholder(graph, FEATURES, grid, shape.features()));
    List<RtnNetwork.View> source = new ArrayList<>();
    List<RtnNetwork.View> target = new ArrayList<>();

    for (int level = 0; level < views.size(); level++) {
      graph.identity(REDUCED + level, views.get(level).reduced());
      graph.identity(DESCRIBED + level, views.get(level).described());
      GridSize own = network.levels().get(level).grid();
      boolean first = level == views.size() - 1;
      source.add(
          new RtnNetwork.View(
              null, Maps.placeholder(graph, SOURCE + level, own, shape.channels())));
      target.add(
          new RtnNetwork.View(
              Maps.placeholder(graph, TARGET + level, own, shape.channels()),
              first ? Maps.placeholder(graph, START, own, shape.channels()) : null));
    }

    RtnNetwork.Passes passes = network.passes(source, target, outputs.passes());
    outputs.declare(graph, passes.fields(), List.of(), source.get(0).described(), passes.target());
    network.load(tensors);
    return graph;
  }
}

package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphCache;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.PyramidFeatures;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of RTNs. */
public final class RtnModel implements RecurrentModel<PyramidFeatures> {
  private static final String FEATURES = "features";
  private static final String REDUCED = "reduced.";
  private static final String DESCRIBED = "described.";
  private static final String SOURCE = "source.";
  private static final String TARGET = "target.";
  private static final String START = "start";

  private final RtnShape shape;
  private final Map<String, Tensor> tensors;
  private final String digest;
  private final PassOutputs outputs;
  private final GraphCache<Size> graphs = new GraphCache<>(this::graph);

  private RtnModel(RtnShape shape, Map<String, Tensor> tensors, String digest, int passes) {
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
  public Class<PyramidFeatures> features() {
    return PyramidFeatures.class;
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
  public PyramidFeatures describe(CellFeatures features, RgbImage image) {
    Size grid = FeatureMapArrays.grid(features.maps().get(0));
    List<String> names = new ArrayList<>();

    for (int level = 0; level < shape.levels(); level++) {
      names.add(REDUCED + level);
      names.add(DESCRIBED + level);
    }

    try (INDArray joined = FeatureMaps.joined(features.maps())) {
      features.close();
      Map<String, INDArray> output =
          graphs.get(grid).output(Map.of(FEATURES, FeatureMapArrays.batch(joined, grid)), names);
      List<FeatureMap> maps =
          CloseableLists.of(names, name -> FeatureMapArrays.of(name, output.get(name)));
      return PyramidFeatures.of(features.size(), maps);
    }
  }

  @Override
  public Size grid(PyramidFeatures source) {
    return FeatureMapArrays.grid(source.levels().get(0).reduced());
  }

  @Override
  public List<Result> match(PyramidFeatures source, List<PyramidFeatures> targets) {
    List<PyramidFeatures> sources = Collections.nCopies(targets.size(), source);
    Map<String, INDArray> inputs = new HashMap<>();
    int levels = shape.levels();

    for (int level = 0; level < levels; level++) {
      inputs.put(SOURCE + level, stacked(sources, level, PyramidFeatures.Level::described));
      inputs.put(TARGET + level, stacked(targets, level, PyramidFeatures.Level::reduced));
    }

    inputs.put(START, stacked(targets, levels - 1, PyramidFeatures.Level::described));
    return outputs.run(graphs.get(grid(source)), inputs, targets.size());
  }

  private static INDArray stacked(
      List<PyramidFeatures> images, int level, Function<PyramidFeatures.Level, FeatureMap> map) {
    return FeatureMapArrays.stacked(images, image -> map.apply(image.levels().get(level)));
  }

  private OwnedGraph graph(Size grid) {
    SameDiff graph = OwnedGraph.empty();
    RtnNetwork network = new RtnNetwork(graph, shape, grid, DataType.FLOAT, 0);
    List<RtnNetwork.View> views =
        network.views(FeatureMapArrays.placeholder(graph, FEATURES, grid, shape.features()));
    List<RtnNetwork.View> source = new ArrayList<>();
    List<RtnNetwork.View> target = new ArrayList<>();

    for (int level = 0; level < views.size(); level++) {
      graph.identity(REDUCED + level, views.get(level).reduced());
      graph.identity(DESCRIBED + level, views.get(level).described());
      Size own = network.levels().get(level).grid();
      boolean first = level == views.size() - 1;
      source.add(
          new RtnNetwork.View(
              null, FeatureMapArrays.placeholder(graph, SOURCE + level, own, shape.channels())));
      target.add(
          new RtnNetwork.View(
              FeatureMapArrays.placeholder(graph, TARGET + level, own, shape.channels()),
              first ? FeatureMapArrays.placeholder(graph, START, own, shape.channels()) : null));
    }

    RtnNetwork.Passes passes = network.passes(source, target, outputs.passes());
    outputs.declare(graph, passes.fields(), List.of(), source.get(0).described(), passes.target());
    TrainedModel.load(tensors, network::load);
    return new OwnedGraph(graph);
  }

  @Override
  public void close() {
    graphs.close();
  }
}

package org.denseflow.matcher.recurrent;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.FrozenFeatures;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.training.CellTruth;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains RTNs on frozen features, on synthetic pairs and on pairs of photographs. */
public final class RtnLearner implements Learner {
  static final String SYSTEM = "rtn";

  private static final double MASK_THRESHOLD = 0.1;

  private final RtnParameters parameters;
  private final FrozenFeatures features;
  private final Map<String, String> metadata;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   */
  public RtnLearner(RtnParameters parameters, Backbone backbone, WorkingSize size) {
    this(parameters, SYSTEM, backbone, size);
  }

  /** Makes the part of a learner of another system that is as in RTNs. */
  RtnLearner(RtnParameters parameters, String system, Backbone backbone, WorkingSize size) {
    this.parameters = parameters;
    this.metadata = TrainedModel.metadata(system, backbone.identity());
    this.features = new FrozenFeatures(backbone, size);
  }

  Size grid() {
    return features.grid();
  }

  int channels() {
    return features.channels();
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        map("source", DataType.FLOAT16, features.channels()),
        map("target", DataType.FLOAT16, features.channels()),
        map("source.mask", DataType.FLOAT, 1),
        map("truth", DataType.FLOAT, 2),
        map("truth.valid", DataType.FLOAT, 1));
  }

  private Input map(String name, DataType type, int channels) {
    return new Input(name, type, features.grid().height(), features.grid().width(), channels);
  }

  @Override
  public String exampleKind() {
    return "rtn " + features.kind();
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    return Examples.of(example -> fill(pair, example));
  }

  private void fill(TrainingPair pair, Map<String, INDArray> example) {
    Size grid = features.grid();
    example.put("source", features.joined(features.maps(pair.source())));
    example.put("target", features.joined(features.maps(pair.target())));
    example.put(
        "source.mask", CellTruth.mask(pair.sourceMask(), pair.recipe(), grid, MASK_THRESHOLD));
    CellTruth.addFlow(pair.recipe(), grid, example);
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new RtnGraph(parameters, features.grid(), features.channels(), type).build(seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    Map<String, String> stated = new TreeMap<>(metadata);
    stated.putAll(parameters.shape(features.channels()).metadata());
    return stated;
  }

  @Override
  public void close() {
    features.close();
  }
}

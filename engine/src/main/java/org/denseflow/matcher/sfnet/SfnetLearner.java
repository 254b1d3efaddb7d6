package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.training.CellTruth;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains SFNet on pairs with masks: synthetic ones, as the paper does, or (our choice) two
 * photographs each, since no loss needs the true flow; of these no end-point error is known. The
 * frozen backbone's features are computed once per view and kept.
 */
public final class SfnetLearner implements Learner {
  private final SfnetParameters parameters;
  private final Backbone backbone;
  private final WorkingSize size;
  private final List<SfnetGraph.Level> levels;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   */
  public SfnetLearner(SfnetParameters parameters, Backbone backbone, WorkingSize size) {
    this.parameters = parameters;
    this.backbone = backbone;
    this.size = size;
    this.levels = levels(backbone, size);
  }

  private static List<SfnetGraph.Level> levels(Backbone backbone, WorkingSize size) {
    FloatImage blank =
        new FloatImage(size.width(), size.height(), new float[3 * size.width() * size.height()]);
    List<SfnetGraph.Level> levels = new ArrayList<>();

    for (FeatureMap map : backbone.extract(List.of(blank)).get(0)) {
      levels.add(new SfnetGraph.Level(map.tap(), map.grid(), map.channels()));
      map.close();
    }

    levels.sort((a, b) -> b.grid().cells() - a.grid().cells());
    return levels;
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();

    for (String view : List.of("source", "target")) {
      for (SfnetGraph.Level level : levels) {
        inputs.add(
            new Input(
                view + "." + level.tap(),
                kept(),
                level.grid().height(),
                level.grid().width(),
                level.channels()));
      }
    }

    Size grid = levels.get(0).grid();

    for (String mask : List.of("source.mask", "target.mask", "truth.valid")) {
      inputs.add(new Input(mask, DataType.FLOAT, grid.height(), grid.width(), 1));
    }

    inputs.add(new Input("truth", DataType.FLOAT, grid.height(), grid.width(), 2));
    return inputs;
  }

  @Override
  public String exampleKind() {
    SfnetConventions conventions = parameters.conventions();
    return "sfnet %s %s %s mask-threshold %s %s features %s"
        .formatted(
            backbone.name(),
            size.kind(),
            levels,
            parameters.maskThreshold(),
            conventions.masks(),
            conventions.features());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    if (pair.sourceMask().isEmpty() || pair.targetMask().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot train SFNet with %s: it needs masks of both images; run SyntheticPairJob with --masks, or give --image-pairs with masks"
              .formatted(pair.id()));
    }

    return Examples.of(example -> fill(pair, example));
  }

  private void fill(TrainingPair pair, Map<String, INDArray> example) {
    describe("source", pair.source(), example);
    describe("target", pair.target(), example);
    Size grid = levels.get(0).grid();
    Optional<PairRecipe> recipe = pair.recipe();
    example.put("source.mask", mask(pair.sourceMask().get(), recipe, grid));
    example.put(
        "target.mask", mask(pair.targetMask().get(), recipe.map(PairRecipe::reversed), grid));
    CellTruth.addFlow(recipe, grid, example);
  }

  private INDArray mask(Mask mask, Optional<PairRecipe> recipe, Size grid) {
    double threshold = parameters.maskThreshold();
    return switch (parameters.conventions().masks()) {
      case AREA -> CellTruth.mask(mask, recipe, grid, threshold);
      case TRIANGLE -> CellTruth.filteredMask(mask, recipe, grid, threshold);
    };
  }

  private DataType kept() {
    return switch (parameters.conventions().features()) {
      case HALF -> DataType.FLOAT16;
      case SINGLE -> DataType.FLOAT;
    };
  }

  private void describe(String view, RgbImage image, Map<String, INDArray> example) {
    for (FeatureMap map :
        backbone.extract(List.of(size.of(image, backbone.info().paddingColor()))).get(0)) {
      INDArray values =
          Nd4j.createUninitialized(kept(), 1, map.height(), map.width(), map.channels());
      values.assign(map.values().reshape(values.shape()));
      example.put(view + "." + map.tap(), values);
      map.close();
    }
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new SfnetGraph(parameters, levels, mode, type).build(seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    return TrainedModel.metadata(AdaptedBackbone.SYSTEM, backbone.identity());
  }

  @Override
  public void close() {
    backbone.close();
  }
}

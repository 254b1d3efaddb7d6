package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.MethodConfig.WorkingSize;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.training.CellTruth;
import org.denseflow.training.GridSize;
import org.denseflow.training.Learner;
import org.denseflow.training.Mode;
import org.denseflow.training.TrainingGraph;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains SFNet on pairs with masks: synthetic ones, as the paper does, or (our choice) two
 * photographs each, since no loss needs the true flow; of these no end-point error is known. The
 * frozen backbone's features are computed once per view and kept in half precision (our choice:
 * half the memory, and far below the noise of the features).
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
      levels.add(
          new SfnetGraph.Level(map.tap(), new GridSize(map.height(), map.width()), map.channels()));
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
                DataType.FLOAT16,
                level.grid().height(),
                level.grid().width(),
                level.channels()));
      }
    }

    GridSize grid = levels.get(0).grid();

    for (String mask : List.of("source.mask", "target.mask", "truth.valid")) {
      inputs.add(new Input(mask, DataType.FLOAT, grid.height(), grid.width(), 1));
    }

    inputs.add(new Input("truth", DataType.FLOAT, grid.height(), grid.width(), 2));
    return inputs;
  }

  @Override
  public String exampleKind() {
    return "sfnet %s %s mask-threshold %s"
        .formatted(backbone.name(), levels, parameters.maskThreshold());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    if (pair.sourceMask().isEmpty() || pair.targetMask().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot train SFNet with %s: it needs masks of both images; run SyntheticPairJob with --masks, or give --image-pairs with masks"
              .formatted(pair.id()));
    }

    Map<String, INDArray> example = new LinkedHashMap<>();
    describe("source", pair.source(), example);
    describe("target", pair.target(), example);
    GridSize grid = levels.get(0).grid();
    Optional<PairRecipe> recipe = pair.recipe();
    double threshold = parameters.maskThreshold();
    example.put("source.mask", CellTruth.mask(pair.sourceMask().get(), recipe, grid, threshold));
    example.put(
        "target.mask",
        CellTruth.mask(pair.targetMask().get(), recipe.map(PairRecipe::reversed), grid, threshold));
    CellTruth.addFlow(recipe, grid, example);
    return example;
  }

  private void describe(String view, RgbImage image, Map<String, INDArray> example) {
    FloatImage resized = Resize.toFloat(image, size.width(), size.height());

    for (FeatureMap map : backbone.extract(List.of(resized)).get(0)) {
      example.put(
          view + "." + map.tap(),
          map.values()
              .castTo(DataType.FLOAT16)
              .reshape('c', 1, map.height(), map.width(), map.channels()));
      map.close();
    }
  }

  @Override
  public TrainingGraph graph(Mode mode, DataType type, long seed) {
    return new SfnetGraph(parameters, levels, mode, type).build(seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    return TrainedModel.metadata(AdaptedBackbone.SYSTEM, backbone);
  }

  @Override
  public void close() {
    backbone.close();
  }
}

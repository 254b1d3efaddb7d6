package org.denseflow.matcher.guided;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Mask;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.MethodConfig.WorkingSize;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.training.CellTruth;
import org.denseflow.training.GridSize;
import org.denseflow.training.Learner;
import org.denseflow.training.Mode;
import org.denseflow.training.TrainingGraph;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the networks of Guided Semantic Flow on frozen features, on synthetic pairs and on pairs
 * of photographs: the pruning network alone, or with the matching network. Masks are used where
 * they are known; no gradient comes from outside the source's object (Section 4.2).
 */
public final class GsfLearner implements Learner {
  static final String SYSTEM = "gsf";
  static final String SUPPORT_SIGMA = "denseflow.support-sigma";

  /** Matches with less mutual consistency are no candidates to learn from. */
  private static final float CANDIDATE = 0.7f;

  private static final double MASK_THRESHOLD = 0.1;

  private final GsfParameters parameters;
  private final Backbone backbone;
  private final WorkingSize size;
  private final Map<String, String> metadata;
  private final BlockCorrelation correlation;
  private final GridSize grid;
  private final int channels;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   * @param metadata what its models say of themselves beside its own parameters
   */
  public GsfLearner(
      GsfParameters parameters, Backbone backbone, WorkingSize size, Map<String, String> metadata) {
    this.parameters = parameters;
    this.backbone = backbone;
    this.size = size;
    this.metadata = metadata;
    this.correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
    List<FeatureMap> blank =
        describe(
            new RgbImage(size.width(), size.height(), new byte[3 * size.width() * size.height()]));
    this.grid = new GridSize(blank.get(0).height(), blank.get(0).width());
    this.channels = blank.stream().mapToInt(FeatureMap::channels).sum();
    blank.forEach(FeatureMap::close);
  }

  private List<FeatureMap> describe(RgbImage image) {
    FloatImage resized = Resize.toFloat(image, size.width(), size.height());
    return FeatureMaps.ofOneGrid(backbone.extract(List.of(resized)).get(0), 0);
  }

  private Displacements displacements() {
    return new Displacements(grid.width(), grid.height(), grid.width(), grid.height());
  }

  @Override
  public List<Input> inputs() {
    int height = grid.height();
    int width = grid.width();
    int count = displacements().count();
    List<Input> inputs =
        new ArrayList<>(
            List.of(
                new Input("volume", DataType.FLOAT16, count, height, width, PruningNetwork.INPUTS),
                new Input("label", DataType.FLOAT16, count, grid.cells()),
                new Input("source", DataType.FLOAT16, height, width, channels),
                new Input("target", DataType.FLOAT16, height, width, channels),
                new Input("source.mask", DataType.FLOAT, height, width, 1),
                new Input("truth", DataType.FLOAT, height, width, 2),
                new Input("truth.valid", DataType.FLOAT, height, width, 1)));

    if (parameters.matching().isPresent()) {
      inputs.add(new Input("correlation", DataType.FLOAT16, grid.cells(), grid.cells()));
      inputs.add(new Input("target.mask", DataType.FLOAT, height, width, 1));
    }

    return inputs;
  }

  @Override
  public String exampleKind() {
    return "gsf %s %dx%d support %s within %s%s"
        .formatted(
            backbone.name(),
            size.width(),
            size.height(),
            parameters.supportSigma(),
            parameters.correctWithin(),
            parameters.matching().isPresent() ? " matching" : "");
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    List<FeatureMap> source = describe(pair.source());
    List<FeatureMap> target = describe(pair.target());
    Map<String, INDArray> example = new LinkedHashMap<>();
    CellTruth.addFlow(pair.recipe(), grid, example);
    example.put("source.mask", mask(pair.sourceMask(), pair.recipe()));
    correlation.correlate(
        source,
        List.of(target),
        volume -> {
          volume.rectify();
          PruningInput input = PruningInput.of(volume, parameters.supportSigma());
          example.put(
              "volume", half(input.values(), input.grid().count(), grid.height(), grid.width(), 3));
          example.put("label", label(volume, input.grid(), pair.recipe().isPresent(), example));

          if (parameters.matching().isPresent()) {
            float[] values = Arrays.copyOf(volume.values(), volume.rows() * volume.columns());
            example.put("correlation", half(values, volume.rows(), volume.columns()));
          }
        });
    example.put("source", features(source));
    example.put("target", features(target));

    if (parameters.matching().isPresent()) {
      example.put("target.mask", mask(pair.targetMask(), pair.recipe().map(PairRecipe::reversed)));
    }

    return example;
  }

  private INDArray mask(Optional<Mask> mask, Optional<PairRecipe> recipe) {
    return mask.isPresent()
        ? CellTruth.mask(mask.get(), recipe, grid, MASK_THRESHOLD)
        : Nd4j.ones(DataType.FLOAT, 1, grid.height(), grid.width(), 1);
  }

  /** Which of the consistent matches are right, as far as it is known. */
  private INDArray label(
      CorrelationVolume volume,
      Displacements numbers,
      boolean known,
      Map<String, INDArray> example) {
    float[] labels = new float[numbers.count() * numbers.cells()];

    if (known) {
      float[] consistency = PruningInput.consistency(volume);
      float[] flow = example.get("truth").data().asFloat();
      float[] valid = example.get("truth.valid").data().asFloat();
      float[] inside = example.get("source.mask").data().asFloat();
      double within = parameters.correctWithin() * grid.width() / 20;

      for (int i = 0; i < numbers.cells(); i++) {
        for (int j = 0; inside[i] > 0 && j < volume.columns(); j++) {
          if (consistency[i * volume.columns() + j] >= CANDIDATE) {
            double dx = j % grid.width() - i % grid.width() - flow[2 * i];
            double dy = j / grid.width() - i / grid.width() - flow[2 * i + 1];
            boolean right = valid[i] > 0 && Math.hypot(dx, dy) <= within;
            labels[numbers.index(i, j)] = right ? 1 : -1;
          }
        }
      }
    }

    return half(labels, numbers.count(), numbers.cells());
  }

  private static INDArray half(float[] values, long... shape) {
    long[] batch = new long[shape.length + 1];
    batch[0] = 1;
    System.arraycopy(shape, 0, batch, 1, shape.length);
    return Nd4j.createFromArray(values).reshape('c', batch).castTo(DataType.FLOAT16);
  }

  /** All levels' features side by side, L2-normalised together. */
  private INDArray features(List<FeatureMap> maps) {
    INDArray[] levels = maps.stream().map(FeatureMap::values).toArray(INDArray[]::new);
    INDArray all = Nd4j.concat(1, levels).mul(1 / Math.sqrt(maps.size()));
    maps.forEach(FeatureMap::close);
    return all.reshape('c', 1, grid.height(), grid.width(), channels).castTo(DataType.FLOAT16);
  }

  @Override
  public TrainingGraph graph(Mode mode, DataType type, long seed) {
    return new GsfGraph(parameters, grid, channels, type).build(seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    Map<String, String> metadata = new TreeMap<>(this.metadata);
    metadata.put(SUPPORT_SIGMA, String.valueOf(parameters.supportSigma()));
    parameters
        .matching()
        .ifPresent(matching -> MatchingModel.describe(matching.window(), metadata));
    return metadata;
  }

  @Override
  public void close() {
    correlation.close();
    backbone.close();
  }
}

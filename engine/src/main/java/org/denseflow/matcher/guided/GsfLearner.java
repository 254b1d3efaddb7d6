package org.denseflow.matcher.guided;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.FrozenFeatures;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.training.CellTruth;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
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
  private final FrozenFeatures features;
  private final Map<String, String> metadata;
  private final BlockCorrelation correlation;
  private final Size grid;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   * @param metadata what its models' metadata state besides its own parameters
   */
  public GsfLearner(
      GsfParameters parameters, Backbone backbone, WorkingSize size, Map<String, String> metadata) {
    this.parameters = parameters;
    this.features = new FrozenFeatures(backbone, size);
    this.metadata = metadata;
    this.correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
    this.grid = features.grid();
  }

  private Displacements displacements() {
    return new Displacements(grid, grid);
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
                new Input("source", DataType.FLOAT16, height, width, features.channels()),
                new Input("target", DataType.FLOAT16, height, width, features.channels()),
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
    return "gsf %s support %s within %s%s"
        .formatted(
            features.kind(),
            parameters.supportSigma(),
            parameters.correctWithin(),
            parameters.matching().isPresent() ? " matching" : "");
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    return Examples.of(
        example -> {
          List<FeatureMap> maps = new ArrayList<>(features.maps(pair.source()));

          try {
            int taps = maps.size();
            maps.addAll(features.maps(pair.target()));
            fill(pair, maps.subList(0, taps), maps.subList(taps, maps.size()), example);
          } finally {
            maps.forEach(FeatureMap::close);
          }
        });
  }

  private void fill(
      TrainingPair pair,
      List<FeatureMap> source,
      List<FeatureMap> target,
      Map<String, INDArray> example) {
    CellTruth.addFlow(pair.recipe(), grid, example);
    example.put(
        "source.mask", CellTruth.mask(pair.sourceMask(), pair.recipe(), grid, MASK_THRESHOLD));
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
    example.put("source", features.joined(source));
    example.put("target", features.joined(target));

    if (parameters.matching().isPresent()) {
      Optional<PairRecipe> reversed = pair.recipe().map(PairRecipe::reversed);
      example.put("target.mask", CellTruth.mask(pair.targetMask(), reversed, grid, MASK_THRESHOLD));
    }
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
    return NativeArrays.cast(Nd4j.create(values, batch, 'c'), DataType.FLOAT16);
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new GsfGraph(parameters, grid, features.channels(), type).build(seed);
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
    features.close();
  }
}

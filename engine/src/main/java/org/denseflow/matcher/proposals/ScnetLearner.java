package org.denseflow.matcher.proposals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.FrozenFeatures;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.RegionScore;
import org.denseflow.proposals.Proposals;
import org.denseflow.proposals.RegionBox;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains SCNet's embedding of regions on frozen features, on pairs of photographs with keypoints.
 */
public final class ScnetLearner implements Learner {
  static final String SYSTEM = "scnet";

  /** Images whose features are kept, since other pairs have them too: 1.6 MB each at 20x20x1024. */
  private static final int KEPT = 128;

  private final ScnetParameters parameters;
  private final WorkingSize size;
  private final FrozenFeatures features;
  private final Map<String, String> metadata;
  private final Proposals proposals;
  private final RegionExtractor pooling;
  private final EmbeddingShape shape;
  private final Map<Pixels, Described> described = new Described.Recent(KEPT);

  /** All of an image, as a key: the same bytes make other images of other widths. */
  private record Pixels(int width, int height, ByteBuffer values) {

    private static Pixels of(RgbImage image) {
      return new Pixels(image.width(), image.height(), ByteBuffer.wrap(image.pixels()));
    }
  }

  /** An image's regions, in fractions of its sides, and its features. */
  private record Described(List<RegionBox> regions, List<FeatureMap> maps) {

    /** Forgets and frees what was used least recently. */
    private static final class Recent extends LinkedHashMap<Pixels, Described> {
      private static final long serialVersionUID = 1L;

      private final int most;

      private Recent(int most) {
        super(most, 0.75f, true);
        this.most = most;
      }

      @Override
      protected boolean removeEldestEntry(Map.Entry<Pixels, Described> eldest) {
        if (size() > most) {
          eldest.getValue().maps().forEach(FeatureMap::close);
          return true;
        }

        return false;
      }
    }
  }

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every image is resized to it
   */
  public ScnetLearner(ScnetParameters parameters, Backbone backbone, WorkingSize size) {
    this.parameters = parameters;
    this.size = size;
    this.metadata = TrainedModel.metadata(SYSTEM, backbone.identity());
    this.features = new FrozenFeatures(backbone, size);
    this.proposals = new Proposals(parameters.proposals());
    this.pooling = new RegionExtractor(parameters.pooling());
    this.shape =
        new EmbeddingShape(
            parameters.pooling(),
            parameters.embedding().layer(),
            features.channels(),
            parameters.embedding().size());
  }

  @Override
  public List<Input> inputs() {
    int count = parameters.proposals().count();
    List<Input> inputs =
        new ArrayList<>(
            List.of(
                new Input("source", DataType.FLOAT16, count, shape.length()),
                new Input("target", DataType.FLOAT16, count, shape.length()),
                new Input("label", DataType.FLOAT16, count, count)));

    if (parameters.variant() != Variant.A) {
      inputs.add(new Input("bins", DataType.INT32, count, count));
    }

    return inputs;
  }

  @Override
  public String exampleKind() {
    String offsets =
        parameters.variant() == Variant.A ? "" : parameters.voting().orElseThrow().offsets() + " ";
    return "scnet %s %s %s %s%s %s"
        .formatted(
            features.kind(),
            parameters.proposals(),
            parameters.pooling(),
            offsets,
            parameters.positiveAbove(),
            parameters.negativeBelow());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    Described source = describe(pair.source());
    Described target = describe(pair.target());
    return Examples.of(
        example -> {
          example.put("source", pooled(source));
          example.put("target", pooled(target));
          example.put("label", label(pair, source.regions(), target.regions()));

          if (parameters.variant() != Variant.A) {
            example.put("bins", bins(source.regions(), target.regions()));
          }
        });
  }

  private Described describe(RgbImage image) {
    return described.computeIfAbsent(
        Pixels.of(image),
        pixels -> {
          RgbImage working = Resize.toRgb(image, size.width(), size.height());
          List<RegionBox> regions =
              proposals.of(working).stream()
                  .map(box -> box.scaled(1.0 / size.width(), 1.0 / size.height()))
                  .toList();
          return new Described(regions, features.maps(image));
        });
  }

  /** Rows of zeros take the place of regions that an image does not have. */
  private INDArray pooled(Described image) {
    int count = parameters.proposals().count();
    float[] values = pooling.pooled(image.maps(), image.regions());
    return NativeArrays.cast(
        Nd4j.create(
            Arrays.copyOf(values, count * shape.length()),
            new long[] {1, count, shape.length()},
            'c'),
        DataType.FLOAT16);
  }

  /** Zeros, which teach nothing, where a pair's common keypoints are too few. */
  private INDArray label(TrainingPair pair, List<RegionBox> source, List<RegionBox> target) {
    KeypointPair keypoints =
        pair.keypoints()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot learn from pair %s: scnet needs keypoints of both images"
                            .formatted(pair.id())));
    int count = parameters.proposals().count();
    float[] values = new float[count * count];
    RegionScore.truth(keypoints, 0)
        .ifPresent(
            truth -> {
              MatchLabels labels =
                  MatchLabels.of(
                      source,
                      target,
                      truth,
                      parameters.positiveAbove(),
                      parameters.negativeBelow());

              for (int m = 0; m < source.size() * target.size(); m++) {
                int at = m / target.size() * count + m % target.size();
                values[at] = labels.positive()[m] - labels.negative()[m];
              }
            });
    return NativeArrays.cast(
        Nd4j.create(values, new long[] {1, count, count}, 'c'), DataType.FLOAT16);
  }

  private INDArray bins(List<RegionBox> source, List<RegionBox> target) {
    OffsetBins offsets = new OffsetBins(parameters.voting().orElseThrow().offsets());
    int[] own = new int[source.size() * target.size()];
    offsets.assign(source, target, own);
    int count = parameters.proposals().count();
    int[] values = new int[count * count];
    Arrays.fill(values, offsets.none());

    for (int m = 0; m < own.length; m++) {
      int at = m / target.size() * count + m % target.size();
      values[at] = own[m];
    }

    try (INDArray flat = Nd4j.createFromArray(values)) {
      return flat.reshape('c', 1, count, count).dup('c');
    }
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new ScnetGraph(parameters, shape, type).build(seed);
  }

  /** The geometry layer of AG+ starts from the appearance layer (released code). */
  @Override
  public Optional<String> startsAs(String parameter) {
    return parameter.startsWith(ScnetGraph.GEOMETRY)
        ? Optional.of(parameter.replace(ScnetGraph.GEOMETRY, ScnetGraph.APPEARANCE))
        : Optional.empty();
  }

  @Override
  public Map<String, String> modelMetadata() {
    Map<String, String> stated = new TreeMap<>(metadata);
    stated.putAll(shape.metadata());
    return stated;
  }

  @Override
  public void close() {
    described.values().forEach(image -> image.maps().forEach(FeatureMap::close));
    described.clear();
    features.close();
  }
}

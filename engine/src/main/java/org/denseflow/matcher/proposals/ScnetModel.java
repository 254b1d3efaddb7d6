package org.denseflow.matcher.proposals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.RegionBox;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The trained embeddings of SCNet. */
public final class ScnetModel {
  private static final String REGIONS = "regions";

  /** Which embeddings are used. */
  public enum Use {
    /** One, for appearance and votes: SCNet-A and SCNet-AG. */
    APPEARANCE(List.of(ScnetGraph.APPEARANCE)),
    /** Two: SCNet-AG+. */
    APPEARANCE_AND_GEOMETRY(List.of(ScnetGraph.APPEARANCE, ScnetGraph.GEOMETRY));

    private final List<String> names;

    Use(List<String> names) {
      this.names = names;
    }
  }

  private final EmbeddingShape shape;
  private final RegionFeatures pooling;
  private final List<String> names;
  private final SameDiff graph;
  private final String digest;

  private ScnetModel(WeightMap map, EmbeddingShape shape, List<String> names, String digest) {
    this.shape = shape;
    this.pooling = new RegionFeatures(shape.pooling());
    this.names = names;
    this.graph = graph(map, shape, names);
    this.digest = digest;
  }

  /**
   * Reads a model.
   *
   * @throws WeightException if it is of another system or backbone, was trained with another
   *     pooling or lacks tensors
   */
  public static ScnetModel read(
      Path model, Use use, PoolingParameters pooling, BackboneIdentity features) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, ScnetLearner.SYSTEM, features);
    EmbeddingShape shape = EmbeddingShape.of(map);

    if (!shape.pooling().equals(pooling)) {
      throw new WeightException(
          "model.mismatch",
          "Cannot use model %s: it was trained with %s, here it is %s; set regions.pooling to the same"
              .formatted(map.file(), shape.pooling(), pooling));
    }

    return new ScnetModel(map, shape, use.names, digest);
  }

  private static SameDiff graph(WeightMap map, EmbeddingShape shape, List<String> names) {
    SameDiff graph = SameDiff.create();
    SDVariable regions = graph.placeHolder(REGIONS, DataType.FLOAT, -1, shape.length());

    for (String name : names) {
      Map<String, INDArray> tensors = TrainedModel.take(map, RegionEmbedding.tensors(name, shape));
      graph.identity(name, RegionEmbedding.trained(graph, name, shape, tensors).apply(regions));
    }

    return graph;
  }

  /** The digests of backbone and model. */
  public String digest() {
    return digest;
  }

  /**
   * Embeds an image's regions: appearance, and geometry where it is used.
   *
   * @param maps of one grid
   * @param regions in fractions of the image's sides
   * @return maps whose rows are regions
   */
  public List<FeatureMap> embed(List<FeatureMap> maps, List<RegionBox> regions) {
    float[] pooled = pooling.pooled(maps, regions);

    try (INDArray input = Nd4j.create(pooled, new long[] {regions.size(), shape.length()}, 'c')) {
      Map<String, INDArray> output = graph.output(Map.of(REGIONS, input), names);
      return AllOrNone.of(names, name -> map(name, regions.size(), output.get(name)));
    }
  }

  /** A copy: the graph's own arrays do not outlive its next run. */
  private FeatureMap map(String name, int regions, INDArray embedded) {
    return new FeatureMap(name, regions, 1, shape.size(), embedded.dup('c'));
  }
}

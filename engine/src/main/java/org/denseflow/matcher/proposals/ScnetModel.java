package org.denseflow.matcher.proposals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.RegionBox;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The trained embeddings of SCNet. */
public final class ScnetModel implements AutoCloseable {
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
  private final RegionExtractor pooling;
  private final List<String> names;
  private final Map<String, Tensor> tensors;
  private OwnedGraph graph;
  private final String digest;

  private ScnetModel(WeightMap map, EmbeddingShape shape, List<String> names, String digest) {
    this.shape = shape;
    this.pooling = new RegionExtractor(shape.pooling());
    this.names = names;
    this.tensors = new HashMap<>();
    names.forEach(
        name -> tensors.putAll(TrainedModel.take(map, RegionEmbedding.tensors(name, shape))));
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

  private OwnedGraph graph() {
    SameDiff graph = OwnedGraph.empty();
    SDVariable regions = graph.placeHolder(REGIONS, DataType.FLOAT, -1, shape.length());

    for (String name : names) {
      graph.identity(name, RegionEmbedding.trained(graph, name, shape, tensors).apply(regions));
    }

    return new OwnedGraph(graph);
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
   * @return {@code [regions, size]} each
   */
  public List<INDArray> embed(List<FeatureMap> maps, List<RegionBox> regions) {
    float[] pooled = pooling.pooled(maps, regions);
    graph = graph == null ? graph() : graph;

    try (INDArray input = Nd4j.create(pooled, new long[] {regions.size(), shape.length()}, 'c')) {
      Map<String, INDArray> output = graph.output(Map.of(REGIONS, input), names);
      return CloseableLists.of(names, name -> copy(output.get(name)));
    }
  }

  /** In 'c' order. */
  private static INDArray copy(INDArray embedded) {
    try (embedded) {
      return embedded.dup('c');
    }
  }

  @Override
  public void close() {
    if (graph != null) {
      graph.close();
    }
  }
}

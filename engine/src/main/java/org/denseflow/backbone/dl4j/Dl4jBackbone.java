package org.denseflow.backbone.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A computation graph of DL4J to its taps, one image at a time. */
final class Dl4jBackbone implements Backbone {
  private final BackboneInfo info;
  private final String digest;
  private final List<String> taps;
  private final TapGraph description;
  private final CNN2DFormat format;
  private final ComputationGraph graph;

  /**
   * Makes a backbone.
   *
   * @param taps distinct
   * @param parameters of the whole network
   * @throws WeightException if the parameters are not those of the network, or not finite
   */
  Dl4jBackbone(
      BackboneInfo info,
      String digest,
      List<String> taps,
      TapGraph description,
      ComputationGraph whole,
      float[] parameters) {
    this.info = info;
    this.digest = digest;
    this.taps = List.copyOf(taps);
    this.description = description;
    this.format = description.format();
    this.graph = new ComputationGraph(description.upTo(this.taps));

    try (INDArray all = Nd4j.create(parameters, new long[] {1, parameters.length}, 'c')) {
      if (!Double.isFinite(all.sumNumber().doubleValue())) {
        throw WeightException.malformed("its parameters are not finite");
      }

      whole.init(all, false);
      graph.init();

      for (GraphVertex vertex : graph.getVertices()) {
        if (vertex.hasLayer() && vertex.numParams() > 0) {
          vertex.getLayer().setParams(whole.getLayer(vertex.getVertexName()).params());
        }
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw WeightException.malformed(
          "its %d parameters are not those of its layers: %s"
              .formatted(parameters.length, e.getMessage()));
    }
  }

  @Override
  public BackboneInfo info() {
    return info;
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<String> taps() {
    return taps;
  }

  @Override
  public List<List<FeatureMap>> extract(List<FloatImage> images) {
    return images.stream().map(this::describe).toList();
  }

  private List<FeatureMap> describe(FloatImage image) {
    description.requireSize(taps, image.height(), image.width());
    float[] values = info.preprocessing().apply(List.of(image));

    try (INDArray pixels =
            Nd4j.create(values, new long[] {1, image.height(), image.width(), 3}, 'c');
        INDArray input =
            format == CNN2DFormat.NHWC ? pixels : pixels.permute(0, 3, 1, 2).dup('c')) {
      List<INDArray> outputs = outputs(input);

      try {
        return CloseableLists.of(taps, tap -> map(tap, outputs.get(taps.indexOf(tap))));
      } finally {
        outputs.forEach(INDArray::close);
        graph.clearLayersStates();
      }
    }
  }

  private List<INDArray> outputs(INDArray input) {
    try {
      return Arrays.asList(graph.output(false, input));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot describe an image with %s: its layers do not fit each other: %s"
              .formatted(info.name(), e.getMessage()),
          e);
    }
  }

  private FeatureMap map(String tap, INDArray output) {
    INDArray cells = format == CNN2DFormat.NHWC ? output : output.permute(0, 2, 3, 1);
    int height = (int) cells.size(1);
    int width = (int) cells.size(2);
    int channels = (int) cells.size(3);

    try (INDArray ordered = cells.dup('c')) {
      INDArray rows = ordered.reshape('c', (long) height * width, channels).dup('c');
      return new FeatureMap(tap, new Size(width, height), channels, rows);
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}

package org.denseflow.backbone.network;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A backbone that runs a {@link Network} with weights from a file. */
final class NetworkBackbone implements Backbone {
  private final BackboneInfo info;
  private final String digest;
  private final List<String> taps;
  private final DirectNetwork network;

  NetworkBackbone(Network description, List<String> taps, WeightMap weights) {
    List<String> nodes = taps.stream().map(description::nodeOf).toList();
    this.info = NetworkProvider.info(description);
    this.digest = weights.digest();
    this.taps = List.copyOf(taps);
    this.network = new DirectNetwork(description, nodes, check(description, taps, weights));
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
    if (images.isEmpty()) {
      return List.of();
    }

    try (INDArray input = Networks.input(images)) {
      return split(network.run(input), images.size());
    }
  }

  @Override
  public void close() {
    network.close();
  }

  private List<List<FeatureMap>> split(List<INDArray> outputs, int batch) {
    List<List<FeatureMap>> result = new ArrayList<>();

    for (int i = 0; i < batch; i++) {
      List<FeatureMap> maps = new ArrayList<>();

      for (int t = 0; t < outputs.size(); t++) {
        INDArray all = outputs.get(t);
        int h = (int) all.size(1);
        int w = (int) all.size(2);
        int c = (int) all.size(3);
        INDArray own = all.get(NDArrayIndex.point(i), NDArrayIndex.all());
        INDArray cells = own.reshape('c', (long) h * w, c).dup('c');
        maps.add(new FeatureMap(taps.get(t), new Size(w, h), c, cells));
      }

      result.add(maps);
    }

    outputs.forEach(INDArray::close);
    return result;
  }

  /**
   * The part of a weight file that holds a network.
   *
   * @throws org.denseflow.weights.WeightException if tensors are missing, mis-shaped or not finite,
   *     or belong to another network
   */
  static WeightMap check(Network description, List<String> taps, WeightMap weights) {
    List<String> nodes = taps.stream().map(description::nodeOf).toList();
    return weights.part(
        Network.tensorsOf(description.upTo(nodes)), Network.tensorsOf(description.nodes()));
  }
}

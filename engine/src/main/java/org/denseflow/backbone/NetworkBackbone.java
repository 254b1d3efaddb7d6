package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A backbone that runs a {@link Network} with weights from a file. */
final class NetworkBackbone implements Backbone {
  private final String name;
  private final String digest;
  private final List<String> taps;
  private final Preprocessing preprocessing;
  private final DirectNetwork network;

  NetworkBackbone(
      Network description, List<String> taps, WeightMap weights, Preprocessing preprocessing) {
    List<String> nodes = taps.stream().map(description::nodeOf).toList();
    this.name = description.name();
    this.digest = weights.digest();
    this.taps = List.copyOf(taps);
    this.preprocessing = preprocessing;
    this.network = new DirectNetwork(description, nodes, check(description, taps, weights));
  }

  @Override
  public String name() {
    return name;
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

    int width = images.get(0).width();
    int height = images.get(0).height();
    float[] values = new float[images.size() * height * width * 3];

    for (int i = 0; i < images.size(); i++) {
      FloatImage image = images.get(i);

      if (image.width() != width || image.height() != height) {
        throw new IllegalArgumentException(
            "Cannot batch images of different sizes: %dx%d and %dx%d"
                .formatted(width, height, image.width(), image.height()));
      }

      preprocessing.apply(image.values(), values, i * height * width * 3);
    }

    try (INDArray input = Nd4j.create(values, new long[] {images.size(), height, width, 3}, 'c')) {
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
        INDArray own =
            batch == 1 ? all : all.get(NDArrayIndex.point(i), NDArrayIndex.all()).dup('c');
        maps.add(new FeatureMap(taps.get(t), h, w, c, own.reshape('c', (long) h * w, c)));
      }

      result.add(maps);
    }

    if (batch > 1) {
      outputs.forEach(INDArray::close);
    }

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

package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightException;
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
    check(description, taps, weights);
    List<String> nodes = taps.stream().map(description::nodeOf).toList();
    this.name = description.name();
    this.digest = weights.digest();
    this.taps = List.copyOf(taps);
    this.preprocessing = preprocessing;
    this.network = new DirectNetwork(description, nodes, weights);
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

    try (INDArray input =
        Nd4j.createFromArray(values).reshape('c', images.size(), height, width, 3)) {
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
   * Missing and mis-shaped tensors, and tensors that the whole network does not know, are errors.
   */
  static void check(Network description, List<String> taps, WeightMap weights) {
    List<String> nodes = taps.stream().map(description::nodeOf).toList();
    weights.requireAll(Network.tensorsOf(description.upTo(nodes)));
    Map<String, int[]> known = Network.tensorsOf(description.nodes());
    List<String> extra =
        weights.names().stream()
            .filter(tensor -> !known.containsKey(tensor))
            .filter(tensor -> !tensor.matches("(fc|classifier|output)\\..*|.*num_batches_tracked"))
            .toList();

    if (!extra.isEmpty()) {
      throw new WeightException(
          "weights.extra-tensor",
          "Cannot use weights %s for %s: it holds tensors that the network does not have: %s"
              .formatted(weights.file(), description.name(), extra));
    }
  }
}

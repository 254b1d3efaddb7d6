package org.denseflow.backbone.network;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;

/**
 * A network to its default tap with random weights, and what its convolutions compute, for the
 * benchmarks.
 */
public final class BackboneBench implements AutoCloseable {
  private static final int SIDE = 320;

  private final Network network;
  private final Map<String, Network.Node> nodes;
  private final Random random = new Random(1);
  private final NetworkBackbone backbone;

  /** Makes a network by its backbone's name. */
  public BackboneBench(String name) {
    network = Networks.named(name);
    nodes = network.upTo(List.of(network.nodeOf(network.defaultTap())));
    backbone = new NetworkBackbone(network, List.of(network.defaultTap()), randomWeights());
  }

  /** The network with its weights; belongs to this. */
  Backbone backbone() {
    return backbone;
  }

  /** Images that it describes at a time. */
  public int batchSize() {
    return backbone.info().batchSize();
  }

  /** The tap that it computes. */
  public String tap() {
    return network.defaultTap();
  }

  /** Describes a batch of 320x320 images. */
  public void describe(int batch) {
    float[] values = new float[SIDE * SIDE * 3];
    FloatImage image = new FloatImage(SIDE, SIDE, values);
    backbone
        .extract(Collections.nCopies(batch, image))
        .forEach(maps -> maps.forEach(FeatureMap::close));
  }

  /** Multiplications and additions of the convolutions that describe one image. */
  public double flops() {
    Map<String, Integer> sides = new HashMap<>(Map.of(Network.INPUT, SIDE));
    double products = 0;

    for (Map.Entry<String, Network.Node> entry : nodes.entrySet()) {
      int side = sides.get(entry.getValue().inputs().get(0));

      if (entry.getValue().layer() instanceof Layer.Convolution c) {
        side = (side + 2 * c.padding() - c.kernel()) / c.stride() + 1;
        products += (double) side * side * c.kernel() * c.kernel() * c.in() * c.out();
      } else if (entry.getValue().layer() instanceof Layer.MaxPool pool) {
        side = (side + 2 * pool.padding() - pool.kernel()) / pool.stride() + 1;
      }

      sides.put(entry.getKey(), side);
    }

    return 2 * products;
  }

  @Override
  public void close() {
    backbone.close();
  }

  private WeightMap randomWeights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (Map.Entry<String, int[]> entry : Network.tensorsOf(nodes).entrySet()) {
      int size = 1;

      for (int axis : entry.getValue()) {
        size *= axis;
      }

      float[] values = new float[size];

      for (int i = 0; i < size; i++) {
        boolean positive = entry.getKey().endsWith("running_var");
        values[i] = positive ? 1 : (float) random.nextGaussian() * 0.02f;
      }

      tensors.put(entry.getKey(), new Tensor(entry.getValue(), values));
    }

    return new WeightMap("random", "none", tensors, Map.of());
  }
}

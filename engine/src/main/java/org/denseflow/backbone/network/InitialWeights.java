package org.denseflow.backbone.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;

/**
 * Random weights to train a network from: kernels as of He et al. (ICCV 2015), uniform in ±sqrt(6 /
 * (kernel² · in)), biases 0.
 */
public final class InitialWeights {

  private InitialWeights() {}

  /**
   * Draws them.
   *
   * @throws IllegalArgumentException if the network has normalisations
   */
  public static WeightMap draw(Network network, long seed) {
    requireNoNormalisation(network);
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    Network.tensorsOf(network.nodes())
        .forEach((name, shape) -> tensors.put(name, draw(name, shape, random)));
    return new WeightMap("initial weights", "none", tensors, Map.of());
  }

  /**
   * Checks that weights can be drawn for a network.
   *
   * @throws IllegalArgumentException if the network has normalisations
   */
  public static void requireNoNormalisation(Network network) {
    Network.tensorsOf(network.nodes())
        .forEach(
            (name, shape) -> {
              if (shape.length != 4 && !name.endsWith(".bias")) {
                throw new IllegalArgumentException(
                    "Cannot draw initial weights of %s: %s is no convolution's; take a network without normalisation"
                        .formatted(network.name(), name));
              }
            });
  }

  private static Tensor draw(String name, int[] shape, Random random) {
    if (shape.length == 1) {
      return new Tensor(shape, new float[shape[0]]);
    }

    int fan = shape[1] * shape[2] * shape[3];
    double bound = Math.sqrt(6.0 / fan);
    float[] kernel = new float[shape[0] * fan];

    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }

    return new Tensor(shape, kernel);
  }
}

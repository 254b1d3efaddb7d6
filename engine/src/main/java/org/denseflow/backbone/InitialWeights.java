package org.denseflow.backbone;

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
   * @param network made of convolutions, without normalisation
   */
  public static WeightMap draw(Network network, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (Network.Node node : network.nodes().values()) {
      if (node.layer() instanceof Layer.Convolution c) {
        double bound = Math.sqrt(6.0 / (c.kernel() * c.kernel() * c.in()));
        float[] kernel = new float[c.out() * c.in() * c.kernel() * c.kernel()];

        for (int i = 0; i < kernel.length; i++) {
          kernel[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }

        int[] shape = {c.out(), c.in(), c.kernel(), c.kernel()};
        tensors.put(c.weights() + ".weight", new Tensor(shape, kernel));

        if (c.bias() == Layer.Bias.LEARNED) {
          tensors.put(c.weights() + ".bias", new Tensor(new int[] {c.out()}, new float[c.out()]));
        }
      }
    }

    return new WeightMap("initial weights", "none", tensors, Map.of());
  }
}

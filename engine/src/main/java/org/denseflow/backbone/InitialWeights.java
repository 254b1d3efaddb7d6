package org.denseflow.backbone;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;

/**
 * Random weights to train a network from: kernels as of He et al. (ICCV 2015), uniform in ±sqrt(6 /
 * (kernel² · in)), biases 0. A convolution whose output is added to something starts smaller, so
 * that a deep network without normalisation starts near the identity (Zhang et al., Fixup, ICLR
 * 2019, with 0 for our factor).
 */
public final class InitialWeights {

  private InitialWeights() {}

  /**
   * Draws them.
   *
   * @param network made of convolutions, without normalisation
   * @param residual factor on the kernels of convolutions whose output is added
   */
  public static WeightMap draw(Network network, double residual, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (Map.Entry<String, Network.Node> entry : network.nodes().entrySet()) {
      if (entry.getValue().layer() instanceof Layer.Convolution c) {
        double factor = isAdded(network, entry.getKey()) ? residual : 1;
        double bound = factor * Math.sqrt(6.0 / (c.kernel() * c.kernel() * c.in()));
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

  private static boolean isAdded(Network network, String node) {
    return network.nodes().values().stream()
        .anyMatch(reader -> reader.layer() instanceof Layer.Add && reader.inputs().contains(node));
  }
}

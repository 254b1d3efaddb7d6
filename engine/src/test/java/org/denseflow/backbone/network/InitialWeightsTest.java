package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private final Network network = Networks.named("denseflow_s");

  @Test
  void kernelsHaveTheVarianceOfHe() {
    WeightMap weights = InitialWeights.draw(network, 1);
    weights.requireAll(Network.tensorsOf(network.nodes()));

    assertThat(deviation(weights, "stage2.1.conv1.weight"))
        .isCloseTo(Math.sqrt(2.0 / (9 * 192)), withinPercentage(1));
    assertThat(deviation(weights, "stage2.1.conv2.weight"))
        .isCloseTo(Math.sqrt(2.0 / 192), withinPercentage(1));
    assertThat(weights.take("head.bias", 128).values()).containsOnly(0);
  }

  @Test
  void theyDependOnTheSeedAlone() {
    float[] first = InitialWeights.draw(network, 1).tensors().get("head.weight").values();

    assertThat(InitialWeights.draw(network, 1).tensors().get("head.weight").values())
        .isEqualTo(first);
    assertThat(InitialWeights.draw(network, 2).tensors().get("head.weight").values())
        .isNotEqualTo(first);
  }

  private static double deviation(WeightMap weights, String name) {
    double squares = 0;

    for (float value : weights.tensors().get(name).values()) {
      squares += value * value;
    }

    return Math.sqrt(squares / weights.length(name));
  }
}

package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.denseflow.geometry.Size;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The two ways to run a network give the same numbers: the graph folds nothing and reuses nothing.
 */
class SameDiffNetworkTest {
  private final Random random = new Random(4);

  @ParameterizedTest
  @CsvSource({
    "squeezenet1_1, 70, fire5, fire9",
    "squeezenet1_1, 70, fire9, logits",
    "vgg16, 32, relu3_3, relu4_3",
    "resnet50, 64, layer2, layer3",
    "resnet50_v2, 64, layer2, layer3",
    "denseflow_s, 64, stage1, head"
  })
  void agreesWithTheDirectRun(String name, int side, String firstTap, String secondTap) {
    Network network = Networks.named(name);
    List<String> nodes = List.of(network.nodeOf(firstTap), network.nodeOf(secondTap));
    WeightMap weights = weights(network.upTo(nodes));
    INDArray input =
        Nd4j.createFromArray(gaussian(2 * side * (side + 2) * 3, 1))
            .reshape('c', 2, side, side + 2, 3);
    List<INDArray> graph = NetworkGraph.run(network, nodes, weights, input);

    try (DirectNetwork direct = new DirectNetwork(network, nodes, weights)) {
      List<INDArray> expected = direct.run(input);

      for (int i = 0; i < nodes.size(); i++) {
        MapShape stated = network.shapeOf(nodes.get(i), new Size(side + 2, side));
        assertThat(graph.get(i).shape()).isEqualTo(expected.get(i).shape());
        assertThat(expected.get(i).shape())
            .containsExactly(2, stated.grid().height(), stated.grid().width(), stated.channels());
        double largest = expected.get(i).amaxNumber().doubleValue();
        double difference = expected.get(i).sub(graph.get(i)).amaxNumber().doubleValue();
        assertThat(largest).isGreaterThan(1e-6);
        assertThat(difference / largest).isLessThan(1e-4);
      }
    }
  }

  /** One of each kind above, so that every branch is reached. */
  @Test
  void theseNetworksHaveLayersOfAllKinds() {
    Set<Class<?>> kinds =
        Stream.of("squeezenet1_1", "vgg16", "resnet50", "denseflow_s")
            .flatMap(name -> Networks.named(name).nodes().values().stream())
            .map(node -> node.layer().getClass())
            .collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(Layer.class.getPermittedSubclasses());
  }

  private WeightMap weights(Map<String, Network.Node> nodes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (Map.Entry<String, int[]> entry : Network.tensorsOf(nodes).entrySet()) {
      int[] shape = entry.getValue();
      int size = 1;

      for (int axis : shape) {
        size *= axis;
      }

      float[] values = gaussian(size, (float) Math.sqrt(2.0 / Math.max(1, size / shape[0])));

      if (entry.getKey().endsWith("running_var")) {
        for (int i = 0; i < size; i++) {
          values[i] = 0.5f + Math.abs(values[i]);
        }
      }

      tensors.put(entry.getKey(), new Tensor(shape, values));
    }

    return new WeightMap("random", "none", tensors, Map.of());
  }

  private float[] gaussian(int size, float deviation) {
    float[] values = new float[size];

    for (int i = 0; i < size; i++) {
      values[i] = deviation * (float) random.nextGaussian();
    }

    return values;
  }
}

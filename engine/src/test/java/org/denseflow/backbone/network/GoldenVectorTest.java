package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.denseflow.SharedData;
import org.denseflow.weights.NpyFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks against outputs that other implementations computed from the same weights. */
class GoldenVectorTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void squeezenetAgreesWithTheModelZoo(int vector) throws IOException {
    assertThat(
            relativeError(
                "squeezenet1_1",
                "average",
                "squeezenet1_1.safetensors",
                "squeezenet1_1.input" + vector,
                "squeezenet1_1.output" + vector))
        .isLessThan(1e-4);
  }

  @Test
  void resnet50v2AgreesWithPyTorch() throws IOException {
    assertThat(
            relativeError(
                "resnet50_v2",
                "layer3",
                "resnet50v2-layer3.safetensors",
                "resnet50v2-layer3.input0",
                "resnet50v2-layer3.output0"))
        .isLessThan(1e-4);
  }

  private static double relativeError(
      String network, String output, String weights, String input, String expected)
      throws IOException {
    WeightMap map = WeightFile.read(SharedData.path("weights/" + weights));
    Network description = Networks.named(network);
    String node = description.taps().getOrDefault(output, output);

    try (DirectNetwork direct = new DirectNetwork(description, List.of(node), map)) {
      Tensor in = npy(input).permute(0, 2, 3, 1);
      int[] s = in.shape();
      INDArray x = Nd4j.createFromArray(in.values()).reshape('c', s[0], s[1], s[2], s[3]);
      float[] actual = direct.run(x).get(0).permute(0, 3, 1, 2).dup('c').data().asFloat();
      float[] truth = npy(expected).values();
      assertThat(actual).hasSameSizeAs(truth);
      double difference = 0;
      double largest = 0;

      for (int i = 0; i < truth.length; i++) {
        difference = Math.max(difference, Math.abs(actual[i] - truth[i]));
        largest = Math.max(largest, Math.abs(truth[i]));
      }

      System.out.printf(
          "golden vector %s: largest difference %.2e of the largest output%n",
          input, difference / largest);
      return difference / largest;
    }
  }

  private static Tensor npy(String name) throws IOException {
    return NpyFile.read(Files.readAllBytes(SharedData.path("weights/" + name + ".npy")));
  }
}

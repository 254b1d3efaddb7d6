package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * VGG and ResNet with made weights against what a program in NumPy, {@code
 * networks/made_networks.py} among the test's resources, computes from its own description of them.
 * Of each tap it prints the shape, the mean and five values, at equal distances in {@code
 * [channels, height, width]}.
 */
class MadeNetworksTest {
  /** Of the mean: single precision against double through up to a hundred layers. */
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "vgg16, relu2_2, 128x16x16, 1.07207921 0.397225215 3.64850676 0 0.015216875 0",
    "vgg16, relu4_3, 512x4x4, 1.11181091 2.53336696 1.88946713 0 0 0",
    "vgg16, relu5_3, 512x2x2, 0.535879971 0.0431672844 0 0.067091241 0.0479353434 2.18026741",
    "vgg19, relu3_4, 256x8x8, 1.16119195 0 2.56249797 0.730632618 0 0",
    "vgg19, relu5_4, 512x2x2, 0.265815453 0.560476361 0 0 0 0.58458597",
    "resnet50, conv2-3, 256x16x16, 0.466694498 0.225640038 1.28451516 0 0.631055696 0.548462864",
    "resnet50, conv4-6, 1024x4x4,"
        + " 0.188466936 0.307920457 0.011798951 0.448631887 0.153355745 0.282992278",
    "resnet50, conv5-3, 2048x2x2,"
        + " 0.114593559 0.0931553936 0.136748748 0.0133901705 0.0573865986 0.0230113584",
    "resnet101, conv4-23, 1024x4x4,"
        + " 0.337895557 0.329392174 0.0602329116 0.390583517 0.305817369 0.134845066",
    "resnet101, conv5-3, 2048x2x2, 0.169584556 0.302422586 0.349344638 0 0.0495049218 0.313474438"
  })
  void tapsAreWhatAnotherProgramComputes(String network, String tap, String shape, String numbers) {
    Network description = Networks.named(network);
    String node = description.nodeOf(tap);
    double[] expected =
        Arrays.stream(numbers.split(" ")).mapToDouble(Double::parseDouble).toArray();
    int side = network.startsWith("vgg") ? 32 : 64;
    Map<String, int[]> tensors = Network.tensorsOf(description.upTo(List.of(node)));

    try (DirectNetwork direct = new DirectNetwork(description, List.of(node), weights(tensors));
        INDArray image = image(side);
        INDArray output = direct.run(image).get(0)) {
      INDArray maps = output.permute(0, 3, 1, 2);
      assertThat("%dx%dx%d".formatted(maps.size(1), maps.size(2), maps.size(3))).isEqualTo(shape);
      float[] values = maps.dup('c').data().asFloat();
      double mean = output.meanNumber().doubleValue();
      assertThat(mean).isCloseTo(expected[0], within(TOLERANCE * expected[0]));

      for (int i = 1; i < expected.length; i++) {
        assertThat((double) values[(i - 1) * (values.length / 5)])
            .isCloseTo(expected[i], within(TOLERANCE * expected[0]));
      }
    }
  }

  private static INDArray image(int side) {
    double[] drawn = drawn("input", 3 * side * side);
    float[] values = new float[drawn.length];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (4 * drawn[i]);
    }

    return Nd4j.createFromArray(values).reshape('c', 1, 3, side, side).permute(0, 2, 3, 1).dup('c');
  }

  private static WeightMap weights(Map<String, int[]> shapes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, tensor(name, shape)));
    return new WeightMap("made", "none", tensors, Map.of());
  }

  private static Tensor tensor(String name, int[] shape) {
    boolean isKernel = shape.length == 4;
    double kernel = isKernel ? Math.sqrt(24.0 / (shape[1] * shape[2] * shape[3])) : 0;
    double[] drawn = drawn(name, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    float[] values = new float[drawn.length];

    for (int i = 0; i < values.length; i++) {
      double u = drawn[i];
      values[i] =
          (float)
              switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "weight" -> isKernel ? kernel * u : 0.5 + u / 4;
                case "bias", "running_mean" -> 0.2 * u;
                case "running_var" -> 1 + u / 2;
                default -> throw new IllegalArgumentException(name);
              };
    }

    return new Tensor(shape, values);
  }

  /** As the program does it: from -1/2 to 1/2, by place and name. */
  private static double[] drawn(String name, int count) {
    double[] drawn = new double[count];

    for (int i = 0; i < count; i++) {
      int h = i * (int) 2654435761L + name.hashCode();
      h ^= h >>> 15;
      h *= (int) 2246822519L;
      h ^= h >>> 13;
      drawn[i] = Integer.toUnsignedLong(h) / 0x1p32 - 0.5;
    }

    return drawn;
  }
}

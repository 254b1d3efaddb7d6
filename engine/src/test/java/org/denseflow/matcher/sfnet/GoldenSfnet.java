package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.denseflow.SharedData;
import org.denseflow.weights.NpyFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the authors' modules computed in PyTorch: inputs, weights and results. */
final class GoldenSfnet {

  private GoldenSfnet() {}

  static Tensor tensor(String name) {
    try {
      return NpyFile.read(Files.readAllBytes(SharedData.path("golden-sfnet/" + name + ".npy")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A map {@code [n, channels, h, w]} as {@code [n, h, w, channels]}. */
  static INDArray map(String name) {
    return array(tensor(name).permute(0, 2, 3, 1));
  }

  static INDArray array(String name) {
    return array(tensor(name));
  }

  static INDArray array(Tensor tensor) {
    return Nd4j.createFromArray(tensor.values()).reshape('c', tensor.shape());
  }

  static WeightMap weights(String name) {
    return WeightFile.read(SharedData.path("golden-sfnet/" + name));
  }

  /** The largest difference, relative to the largest value; printed. */
  static double relativeError(String what, INDArray actual, INDArray expected) {
    double largest = expected.amaxNumber().doubleValue();
    double error = difference(actual, expected) / largest;
    System.out.printf("golden  %-44s %.1e relative%n", what, error);
    return error;
  }

  /** The largest difference. */
  static double difference(INDArray actual, INDArray expected) {
    assertThat(actual.length()).isEqualTo(expected.length());
    INDArray difference = actual.dup('c').reshape(expected.shape()).sub(expected);
    assertThat(difference.isNaN().any()).isFalse();
    return difference.amaxNumber().doubleValue();
  }
}

package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.denseflow.SharedData;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.weights.NpyFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the authors' modules computed in PyTorch: inputs, weights and results. Small ones are among
 * the test's resources, the others are shared data.
 */
public final class GoldenSfnet {

  private GoldenSfnet() {}

  /** An array by its name. */
  public static Tensor tensor(String name) {
    String file = "golden-sfnet/" + name + ".npy";

    try (InputStream own = GoldenSfnet.class.getResourceAsStream("/" + file)) {
      return NpyFile.read(
          own == null ? Files.readAllBytes(SharedData.path(file)) : own.readAllBytes());
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

  /** Weighted terms of the loss and the norm of its gradient. */
  static JsonNode losses(Corners warping, Corners upsampling) throws IOException {
    try (InputStream in =
        GoldenSfnet.class.getResourceAsStream("/golden-sfnet/train/losses.json")) {
      return new ObjectMapper()
          .readTree(in)
          .get(
              "grid_sample_align_corners=%s,upsampling_align_corners=%s"
                  .formatted(python(warping), python(upsampling)));
    }
  }

  private static String python(Corners corners) {
    return corners == Corners.ALIGNED ? "True" : "False";
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

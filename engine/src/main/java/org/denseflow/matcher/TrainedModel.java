package org.denseflow.matcher;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.graph.NativeArrays;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The metadata of model files: system, backbone, taps and weights, so that a model is used with
 * nothing else than it was trained with.
 */
public final class TrainedModel {
  private static final String PREFIX = "denseflow.";

  private TrainedModel() {}

  /** The metadata of a model, or a projection, of a system on a backbone's features. */
  public static Map<String, String> metadata(String system, BackboneIdentity features) {
    return new TreeMap<>(
        Map.of(
            PREFIX + "system", system,
            PREFIX + "backbone", features.name(),
            PREFIX + "taps", String.join(",", features.taps()),
            PREFIX + "backbone-weights", features.weights()));
  }

  /**
   * Checks the metadata.
   *
   * @return the digests of backbone and model
   * @throws WeightException that names what does not agree
   */
  public static String digest(WeightMap model, String system, BackboneIdentity features) {
    require(model, "system", system, "; pass a model of that system");
    require(model, "backbone", features.name(), "; pass the same --backbone");
    require(model, "taps", String.join(",", features.taps()), "; set backbone.taps to the same");
    require(model, "backbone-weights", features.weights(), "; pass the same --weights and --model");
    return features.weights() + "+" + model.digest();
  }

  /**
   * Tensors of a model.
   *
   * @param shapes of the tensors by name
   * @throws WeightException if one is missing or has another shape
   */
  public static Map<String, Tensor> take(WeightMap model, Map<String, int[]> shapes) {
    Map<String, Tensor> tensors = new HashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, model.take(name, shape)));
    return tensors;
  }

  /** Hands tensors as arrays to a network, which copies them; they are freed again. */
  public static void load(Map<String, Tensor> tensors, Consumer<Map<String, INDArray>> network) {
    Map<String, INDArray> arrays = new HashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, array(tensor)));
    network.accept(arrays);
    NativeArrays.close(arrays.values());
  }

  /** A tensor as an array, which belongs to the caller. */
  public static INDArray array(Tensor tensor) {
    return NativeArrays.of(tensor.values(), tensor.shape());
  }

  /**
   * A number that a model states.
   *
   * @throws WeightException if it is not there or not a positive number
   */
  public static double positive(WeightMap model, String key) {
    String stated = model.metadata().get(key);
    double value;

    try {
      value = stated == null ? Double.NaN : Double.parseDouble(stated);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }

    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new WeightException(
          "model.unknown",
          "Cannot use model %s: its %s is not a positive number, found %s; train it again"
              .formatted(model.file(), key, stated));
    }

    return value;
  }

  /**
   * A whole number that a model states.
   *
   * @throws WeightException if it is not there or not from 1 to {@code most}
   */
  public static int whole(WeightMap model, String key, int most) {
    double value = positive(model, key);

    if (value > most || value != Math.rint(value)) {
      throw new WeightException(
          "model.unknown",
          "Cannot use model %s: its %s is not a whole number up to %d, found %s; train it again"
              .formatted(model.file(), key, most, value));
    }

    return (int) value;
  }

  /** Whether a model's metadata names a system. */
  public static boolean isOf(WeightMap model, String system) {
    return system.equals(model.metadata().get(PREFIX + "system"));
  }

  private static void require(WeightMap model, String key, String given, String mend) {
    String stated = model.metadata().get(PREFIX + key);

    if (stated == null) {
      throw new WeightException(
          "model.unknown",
          "Cannot use model %s: its metadata have no %s; did TrainJob or ProjectionJob write it?"
              .formatted(model.file(), key));
    }

    if (!stated.equals(given)) {
      throw new WeightException(
          "model.mismatch",
          "Cannot use model %s: it was made with %s %s, here it is %s%s"
              .formatted(model.file(), key, stated, given, mend));
    }
  }
}

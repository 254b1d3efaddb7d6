package org.denseflow.weights;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of one file by name, its digest and its metadata. All values are finite.
 *
 * @param file the file's name, for messages
 * @param digest {@code sha256:} and the digest of the file's bytes in hexadecimal
 * @param tensors by name, in file order
 * @param metadata what the file says of itself
 */
public record WeightMap(
    String file, String digest, Map<String, Tensor> tensors, Map<String, String> metadata) {

  /** Checks that every value is finite. */
  public WeightMap {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Map.copyOf(metadata);
    tensors.forEach((name, tensor) -> requireFinite(file, name, tensor));
  }

  /** The tensors' names in file order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * One tensor.
   *
   * @throws WeightException if it is missing or has another shape
   */
  public Tensor take(String name, int... shape) {
    requireAll(Map.of(name, shape));
    return tensors.get(name);
  }

  /**
   * The number of values of a tensor, from which a network of variable width knows its shapes.
   *
   * @throws WeightException if it is missing or empty
   */
  public int length(String name) {
    Tensor tensor = tensors.get(name);

    if (tensor == null || tensor.values().length == 0) {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot use weights %s: no %s, or it is empty".formatted(file, name));
    }

    return tensor.values().length;
  }

  /**
   * Checks that all expected tensors are there with their shapes.
   *
   * @throws WeightException that names every missing and mis-shaped tensor at once
   */
  public void requireAll(Map<String, int[]> expected) {
    StringBuilder faults = new StringBuilder();
    String code = null;

    for (Map.Entry<String, int[]> entry : expected.entrySet()) {
      Tensor tensor = tensors.get(entry.getKey());

      if (tensor == null) {
        code = code == null ? "weights.missing-tensor" : code;
        faults.append("\n  missing ").append(entry.getKey());
        faults.append(' ').append(Arrays.toString(entry.getValue()));
      } else if (!Arrays.equals(tensor.shape(), entry.getValue())) {
        code = code == null ? "weights.wrong-shape" : code;
        faults.append("\n  ").append(entry.getKey()).append(" has shape ");
        faults.append(Arrays.toString(tensor.shape())).append(", expected ");
        faults.append(Arrays.toString(entry.getValue()));
      }
    }

    if (code != null) {
      throw new WeightException(
          code,
          "Cannot use weights %s: they do not fit the network; is it the right file?%s"
              .formatted(file, faults));
    }
  }

  private static void requireFinite(String file, String name, Tensor tensor) {
    for (int i = 0; i < tensor.values().length; i++) {
      if (!Float.isFinite(tensor.values()[i])) {
        throw new WeightException(
            "weights.not-finite",
            "Cannot use weights %s: tensor %s holds %s at index %d"
                .formatted(file, name, tensor.values()[i], i));
      }
    }
  }
}

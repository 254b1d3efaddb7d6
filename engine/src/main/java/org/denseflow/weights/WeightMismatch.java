package org.denseflow.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How the tensors of a file differ from those that a network reads.
 *
 * @param missing what the file lacks, one line each
 * @param misshaped what has another shape
 * @param unexpected what the network does not read; no fault by itself
 */
record WeightMismatch(List<String> missing, List<String> misshaped, List<String> unexpected) {
  private static final int LISTED = 10;

  static WeightMismatch between(WeightMap map, Map<String, int[]> expected) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();

    expected.forEach(
        (name, shape) -> {
          Tensor tensor = map.tensors().get(name);
          String sides = Arrays.toString(shape);

          if (tensor == null) {
            String why = map.unread().get(name);
            missing.add(name + " " + sides + (why == null ? "" : ", which is not read: " + why));
          } else if (!Arrays.equals(tensor.shape(), shape)) {
            String found = Arrays.toString(tensor.shape());
            misshaped.add("%s has shape %s, expected %s".formatted(name, found, sides));
          }
        });
    return new WeightMismatch(missing, misshaped, List.of());
  }

  /** The same with what else the file has. */
  WeightMismatch withUnexpected(WeightMap map, Predicate<String> isUnexpected) {
    Stream<String> tensors =
        map.tensors().entrySet().stream()
            .filter(entry -> isUnexpected.test(entry.getKey()))
            .map(entry -> entry.getKey() + " " + Arrays.toString(entry.getValue().shape()));
    Stream<String> unread =
        map.unread().entrySet().stream()
            .filter(entry -> isUnexpected.test(entry.getKey()))
            .map(entry -> entry.getKey() + ", which is not read: " + entry.getValue());
    return new WeightMismatch(missing, misshaped, Stream.concat(tensors, unread).toList());
  }

  /**
   * Refuses a file that lacks anything, with at most ten names of each kind.
   *
   * @throws WeightException if tensors are missing or mis-shaped
   */
  void refuse(String file) {
    if (!missing.isEmpty() || !misshaped.isEmpty()) {
      throw new WeightException(
          missing.isEmpty() ? "weights.wrong-shape" : "weights.missing-tensor",
          "Cannot use weights %s: they do not fit the network; is it the right file?%s%s%s"
              .formatted(
                  file,
                  lines("missing ", "missing", missing),
                  lines("", "of another shape", misshaped),
                  lines("unexpected ", "unexpected", unexpected)));
    }
  }

  /** Refuses a file that has unexpected tensors. */
  void refuseUnexpected(String file) {
    if (!unexpected.isEmpty()) {
      throw new WeightException(
          "weights.extra-tensor",
          "Cannot use weights %s: the network does not have all of its tensors; is it of a larger one?%s"
              .formatted(file, lines("unexpected ", "unexpected", unexpected)));
    }
  }

  /** At most ten names, and how many there are besides. */
  private static String lines(String before, String kind, List<String> names) {
    StringBuilder lines = new StringBuilder();
    names.stream().limit(LISTED).forEach(name -> lines.append("\n  ").append(before).append(name));

    if (names.size() > LISTED) {
      lines.append("\n  and %d more %s".formatted(names.size() - LISTED, kind));
    }

    return lines.toString();
  }
}

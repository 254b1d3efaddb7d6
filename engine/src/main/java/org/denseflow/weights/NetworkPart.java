package org.denseflow.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the part of a checkpoint that holds a network: all its tensors lie below one prefix, such
 * as {@code module.} of DataParallel or {@code state_dict.backbone.}. Of several such parts,
 * averaged weights ({@code ema}, {@code state_dict_ema}, {@code model_ema}) come before those that
 * training left, since they are the ones that are meant to be used; others that differ are refused.
 */
final class NetworkPart {
  /** Prefixes of more names are not looked for. */
  private static final int MAX_DEPTH = 16;

  private final WeightMap file;
  private final Map<String, int[]> needed;

  private NetworkPart(WeightMap file, Map<String, int[]> needed) {
    this.file = file;
    this.needed = needed;
  }

  /**
   * Finds the part.
   *
   * @return the part that fits; where none does, the one that has the most of the names
   * @throws WeightException if several fit and differ
   */
  static WeightMap of(WeightMap file, Map<String, int[]> needed) {
    return new NetworkPart(file, needed).find();
  }

  private WeightMap find() {
    List<String> fitting = new ArrayList<>();
    String closest = "";
    long most = 0;

    for (Map.Entry<String, Integer> entry : named().entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        closest = entry.getKey();
      }

      if (entry.getValue() == needed.size() && fits(entry.getKey())) {
        fitting.add(entry.getKey());
      }
    }

    return file.below(fitting.isEmpty() ? closest : preferred(fitting));
  }

  /** How many of the names lie below each prefix, the shortest prefix first. */
  private Map<String, Integer> named() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Stream.concat(file.tensors().keySet().stream(), file.unread().keySet().stream())
        .forEach(name -> count(name, counts));
    Map<String, Integer> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().length()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private void count(String name, Map<String, Integer> counts) {
    int start = 0;

    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      if (needed.containsKey(name.substring(start))) {
        counts.merge(name.substring(0, start), 1, Integer::sum);
      }

      start = name.indexOf('.', start) + 1;

      if (start == 0) {
        return;
      }
    }
  }

  private boolean fits(String prefix) {
    return needed.entrySet().stream()
        .allMatch(
            entry -> {
              Tensor tensor = file.tensors().get(prefix + entry.getKey());
              return tensor != null && Arrays.equals(tensor.shape(), entry.getValue());
            });
  }

  private String preferred(List<String> fitting) {
    List<String> averaged = fitting.stream().filter(NetworkPart::isAveraged).toList();
    List<String> best = averaged.isEmpty() ? fitting : averaged;

    if (!best.stream().allMatch(other -> isSame(best.get(0), other))) {
      throw new WeightException(
          "weights.ambiguous",
          "Cannot use weights %s: several networks in it fit, below %s; save the one that is meant in a file of its own"
              .formatted(file.file(), best.stream().map(prefix -> "\"" + prefix + "\"").toList()));
    }

    return best.get(0);
  }

  private static boolean isAveraged(String prefix) {
    return Arrays.asList(prefix.split("[._]")).contains("ema");
  }

  private boolean isSame(String a, String b) {
    return needed.keySet().stream()
        .allMatch(
            name ->
                Arrays.equals(
                    file.tensors().get(a + name).values(), file.tensors().get(b + name).values()));
  }
}

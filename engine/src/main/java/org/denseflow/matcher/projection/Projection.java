package org.denseflow.matcher.projection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * The principal components of a backbone's features, tap by tap, as a weight file holds them:
 * {@code TAP.mean}, {@code TAP.components} and {@code TAP.share}. The file says which backbone,
 * taps and weights it was made with, and is refused for any other.
 *
 * @param taps of L2-normalised cells
 */
public record Projection(Map<String, PrincipalComponents> taps) {
  /** The system that the metadata of such files name. */
  public static final String SYSTEM = "projection";

  /**
   * Takes a projection out of a file.
   *
   * @throws WeightException if it lacks tensors, or they do not fit each other
   */
  static Projection of(WeightMap file, List<String> taps) {
    Map<String, PrincipalComponents> components = new LinkedHashMap<>();

    for (String tap : taps) {
      int channels = file.length(tap + ".mean");
      int count = file.length(tap + ".components") / channels;
      components.put(
          tap,
          new PrincipalComponents(
              file.take(tap + ".mean", channels),
              file.take(tap + ".components", count, channels),
              file.take(tap + ".share", channels)));
    }

    return new Projection(components);
  }

  /** The tensors of a file. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    taps.forEach(
        (tap, components) -> {
          tensors.put(tap + ".mean", components.mean());
          tensors.put(tap + ".components", components.components());
          tensors.put(tap + ".share", components.share());
        });
    return tensors;
  }
}

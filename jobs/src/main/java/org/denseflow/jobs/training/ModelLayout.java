package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.denseflow.training.TrainerState;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * Names and shapes of a model's tensors, in the order of the trainer's state.
 *
 * @param parameters trainable ones
 * @param statistics running means and variances
 */
record ModelLayout(List<Entry> parameters, List<Entry> statistics) implements Serializable {

  /** A tensor. */
  record Entry(String name, int[] shape) implements Serializable {
    int length() {
      return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  /** Takes names and shapes from tensors, parameters first, as the trainer orders them. */
  static ModelLayout of(Map<String, Tensor> tensors, int parameterValues) {
    List<Entry> parameters = new ArrayList<>();
    List<Entry> statistics = new ArrayList<>();
    int seen = 0;

    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      Entry entry = new Entry(tensor.getKey(), tensor.getValue().shape());
      (seen < parameterValues ? parameters : statistics).add(entry);
      seen += entry.length();
    }

    return new ModelLayout(parameters, statistics);
  }

  /** The tensors of a state. */
  Map<String, Tensor> tensors(TrainerState state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    cut(parameters, state.parameters(), tensors);
    cut(statistics, state.statistics(), tensors);
    return tensors;
  }

  /**
   * A state with a model's tensors in place of its own, where the model has them.
   *
   * @param other the name of the tensor that one starts as where the model lacks it
   * @throws WeightException if it has none, or one of another shape
   */
  TrainerState start(
      TrainerState state, WeightMap model, Function<String, Optional<String>> other) {
    int taken =
        replace(parameters, model, other, state.parameters())
            + replace(statistics, model, other, state.statistics());

    if (taken == 0) {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot start from %s: it has none of the tensors that are to be trained"
              .formatted(model.file()));
    }

    return state;
  }

  private static int replace(
      List<Entry> entries,
      WeightMap model,
      Function<String, Optional<String>> other,
      float[] values) {
    int at = 0;
    int taken = 0;

    for (Entry entry : entries) {
      boolean isThere = model.names().contains(entry.name());
      String name = isThere ? entry.name() : other.apply(entry.name()).orElse(entry.name());

      if (model.names().contains(name)) {
        float[] own = model.take(name, entry.shape()).values();
        System.arraycopy(own, 0, values, at, own.length);
        taken++;
      }

      at += entry.length();
    }

    return taken;
  }

  private static void cut(List<Entry> entries, float[] values, Map<String, Tensor> to) {
    int at = 0;

    for (Entry entry : entries) {
      float[] own = Arrays.copyOfRange(values, at, at + entry.length());
      to.put(entry.name(), new Tensor(entry.shape(), own));
      at += entry.length();
    }
  }
}

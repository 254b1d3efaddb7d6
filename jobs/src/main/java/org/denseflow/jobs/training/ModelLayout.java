package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.training.TrainerState;
import org.denseflow.weights.Tensor;

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

  private static void cut(List<Entry> entries, float[] values, Map<String, Tensor> to) {
    int at = 0;

    for (Entry entry : entries) {
      float[] own = Arrays.copyOfRange(values, at, at + entry.length());
      to.put(entry.name(), new Tensor(entry.shape(), own));
      at += entry.length();
    }
  }
}

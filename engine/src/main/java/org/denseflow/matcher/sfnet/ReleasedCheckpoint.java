package org.denseflow.matcher.sfnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.weights.KernelLayout;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * The adaptation layers in a checkpoint of SFNet's authors: {@code state_dict1} for conv4-23 and
 * {@code state_dict2} for conv5-3, each with the units {@code conv1} and {@code conv2}, a
 * convolution {@code .0} in PyTorch's layout and its normalisation {@code .1}. It names no
 * backbone.
 */
final class ReleasedCheckpoint {
  private static final int LEVELS = 2;
  private static final int UNITS = 2;

  private ReleasedCheckpoint() {}

  /** Whether the tensors are named as in such a checkpoint. */
  static boolean is(WeightMap model) {
    return model.names().stream().anyMatch(name -> name.startsWith("state_dict1."));
  }

  /**
   * The layers under the names that models of TrainJob have.
   *
   * @param taps of the backbone, the one for {@code state_dict1} first
   * @throws WeightException if there are not two taps or a tensor is missing or has another shape
   */
  static WeightMap layers(WeightMap model, List<String> taps) {
    if (taps.size() != LEVELS) {
      throw new WeightException(
          "model.mismatch",
          "Cannot use model %s: a checkpoint of SFNet's authors adapts two taps, as conv4-23 and conv5-3 of resnet101, here they are %s; set backbone.taps to two"
              .formatted(model.file(), taps));
    }

    Map<String, Tensor> layers = new LinkedHashMap<>();

    for (int level = 0; level < LEVELS; level++) {
      for (int unit = 0; unit < UNITS; unit++) {
        String from = "state_dict%d.conv%d".formatted(level + 1, unit + 1);
        addUnit(model, from, AdapterLayout.unitName(taps.get(level), unit), layers);
      }
    }

    return new WeightMap(model.file(), model.digest(), layers, model.metadata());
  }

  private static void addUnit(WeightMap model, String from, String to, Map<String, Tensor> layers) {
    int channels = model.length(from + ".0.bias");
    int kernel = side(model, from + ".0.weight");
    Tensor weight = model.take(from + ".0.weight", channels, channels, kernel, kernel);
    Tensor bias = model.take(from + ".0.bias", channels);
    Tensor mean = model.take(from + ".1.running_mean", channels);
    layers.put(AdapterLayout.weightName(to), weight.permute(KernelLayout.applied()));
    layers.put(to + ".norm.weight", model.take(from + ".1.weight", channels));
    layers.put(to + ".norm.bias", model.take(from + ".1.bias", channels));
    layers.put(Statistic.meanName(to), difference(mean, bias));
    layers.put(Statistic.varianceName(to), model.take(from + ".1.running_var", channels));
  }

  /** The side of a kernel; of a tensor that is none, 1, which {@link WeightMap#take} refuses. */
  private static int side(WeightMap model, String name) {
    Tensor tensor = model.tensors().get(name);
    return tensor == null || tensor.shape().length != 4 ? 1 : tensor.shape()[3];
  }

  /** A normalisation subtracts the convolution's bias again: without bias, its mean is less. */
  private static Tensor difference(Tensor mean, Tensor bias) {
    float[] values = mean.values().clone();

    for (int i = 0; i < values.length; i++) {
      values[i] -= bias.values()[i];
    }

    return new Tensor(mean.shape(), values);
  }
}

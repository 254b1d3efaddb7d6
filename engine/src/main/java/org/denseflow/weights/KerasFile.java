package org.denseflow.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keras .h5, weights alone or a whole model (then below {@code model_weights}): every data set
 * becomes a tensor named by its path, for example {@code conv1/conv1/kernel:0}. Kernels stay as
 * stored, {@code [kH, kW, in, out]}.
 */
final class KerasFile {
  private static final int MAX_DEPTH = 12;

  private KerasFile() {}

  static WeightFile.Contents read(Path path) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    try (Hdf5Archive archive = new Hdf5Archive(path.toAbsolutePath().toString())) {
      boolean wholeModel = archive.getGroups().contains("model_weights");
      collect(archive, wholeModel ? new String[] {"model_weights"} : new String[0], "", tensors);
    } catch (UnsupportedKerasConfigurationException | RuntimeException e) {
      throw new WeightException(
          "weights.malformed", "Cannot read weights: not a readable HDF5 file", e);
    }

    if (tensors.isEmpty()) {
      throw WeightException.malformed("the HDF5 file holds no data sets");
    }

    return new WeightFile.Contents(tensors, Map.of());
  }

  private static void collect(
      Hdf5Archive archive, String[] groups, String prefix, Map<String, Tensor> tensors)
      throws UnsupportedKerasConfigurationException {
    if (groups.length > MAX_DEPTH) {
      throw WeightException.malformed(
          "the HDF5 file is nested more than %d deep".formatted(MAX_DEPTH));
    }

    for (String name : archive.getDataSets(groups)) {
      try (INDArray array = archive.readDataSet(name, groups)) {
        tensors.put(prefix + name, tensor(array));
      }
    }

    for (String name : archive.getGroups(groups)) {
      String[] inner = java.util.Arrays.copyOf(groups, groups.length + 1);
      inner[groups.length] = name;
      collect(archive, inner, prefix + name + "/", tensors);
    }
  }

  private static Tensor tensor(INDArray array) {
    int[] shape = new int[array.rank()];

    for (int i = 0; i < shape.length; i++) {
      shape[i] = (int) array.size(i);
    }

    return new Tensor(shape, array.dup('c').data().asFloat());
  }
}

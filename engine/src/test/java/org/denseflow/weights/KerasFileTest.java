package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keras' layout, written by the HDF5 library itself. */
class KerasFileTest {

  @TempDir private Path folder;

  @Test
  void dataSetsAreNamedByTheirPath() {
    Path path = folder.resolve("model.h5");

    try (H5File file = new H5File(path.toString(), hdf5.H5F_ACC_TRUNC)) {
      try (Group weights = file.createGroup("model_weights");
          Group layer = weights.createGroup("conv1");
          Group inner = layer.createGroup("conv1")) {
        write(inner, "kernel:0", new long[] {1, 1, 2, 3}, 0, 1, 2, 3, 4, 5);
        write(inner, "bias:0", new long[] {3}, 7, 8, 9);
      }
    }

    WeightMap weights = WeightFile.read(path);
    assertThat(weights.names())
        .containsExactlyInAnyOrder("conv1/conv1/kernel:0", "conv1/conv1/bias:0");
    assertThat(weights.take("conv1/conv1/kernel:0", 1, 1, 2, 3).values())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(weights.take("conv1/conv1/bias:0", 3).values()).containsExactly(7, 8, 9);
  }

  @Test
  void aBrokenFileIsRefused() throws Exception {
    Path path = folder.resolve("broken.h5");
    Files.write(path, new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0, 0, 1, 2});
    assertThatThrownBy(() -> WeightFile.read(path))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("not a readable HDF5 file");
  }

  private static void write(Group group, String name, long[] shape, float... values) {
    try (DataSpace space = new DataSpace(shape.length, shape);
        DataSet set = group.createDataSet(name, new DataType(PredType.IEEE_F32LE()), space);
        FloatPointer data = new FloatPointer(values)) {
      set.write(data, new DataType(PredType.NATIVE_FLOAT()));
    }
  }
}

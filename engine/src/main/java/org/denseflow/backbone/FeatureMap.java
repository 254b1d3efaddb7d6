package org.denseflow.backbone;

import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a backbone computed at one tap: {@code values} is {@code [height·width, channels]}, 'c'
 * order, fp32 (fp16 while features are kept), one row per grid cell in row-major cell order, not
 * normalised. Cell (row r, column c) covers the image's fraction {@code [c/width, (c+1)/width] x
 * [r/height, (r+1)/height]}; its centre is at ((c + 0.5)/width, (r + 0.5)/height). The array lives
 * outside any workspace; {@link #close} frees its native memory at once.
 */
public record FeatureMap(String tap, Size grid, int channels, INDArray values)
    implements AutoCloseable {

  /** Checks that the array is {@code [height·width, channels]} and owns its memory. */
  public FeatureMap {
    if (!values.closeable()) {
      throw new IllegalArgumentException(
          "Invalid feature map at tap %s: its array is a view or closed; pass a copy"
              .formatted(tap));
    }

    if (values.rank() != 2 || values.size(0) != grid.cells() || values.size(1) != channels) {
      throw new IllegalArgumentException(
          "Invalid feature map at tap %s: shape %s, expected [%d, %d]"
              .formatted(tap, java.util.Arrays.toString(values.shape()), grid.cells(), channels));
    }
  }

  /** Of values {@code [height, width, channels]}. */
  public static FeatureMap of(String tap, Size grid, int channels, float[] values) {
    long[] shape = {grid.cells(), channels};
    return new FeatureMap(tap, grid, channels, Nd4j.create(values, shape, 'c'));
  }

  /** Rows of the grid. */
  public int height() {
    return grid.height();
  }

  /** Columns of the grid. */
  public int width() {
    return grid.width();
  }

  /** Grid cells: height times width. */
  public int cells() {
    return grid.cells();
  }

  /** The same cells with other values, which belong to the result. */
  public FeatureMap with(INDArray others) {
    return new FeatureMap(tap, grid, (int) others.size(1), others);
  }

  @Override
  public void close() {
    if (values.closeable()) {
      values.close();
    }
  }
}

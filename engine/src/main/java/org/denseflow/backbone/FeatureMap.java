package org.denseflow.backbone;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a backbone computed at one tap: {@code values} is {@code [height·width, channels]}, 'c'
 * order, fp32 (fp16 while it is {@link #narrowed}), one row per grid cell in row-major cell order,
 * not normalised. Cell (row r, column c) covers the image's fraction {@code [c/width, (c+1)/width]
 * x [r/height, (r+1)/height]}; its centre is at ((c + 0.5)/width, (r + 0.5)/height). The array
 * lives outside any workspace; {@link #close} frees its native memory at once.
 */
public record FeatureMap(String tap, int height, int width, int channels, INDArray values)
    implements AutoCloseable {

  /** Checks that the array is {@code [height·width, channels]}. */
  public FeatureMap {
    if (values.rank() != 2
        || values.size(0) != (long) height * width
        || values.size(1) != channels) {
      throw new IllegalArgumentException(
          "Invalid feature map at tap %s: shape %s, expected [%d, %d]"
              .formatted(tap, java.util.Arrays.toString(values.shape()), height * width, channels));
    }
  }

  /** Grid cells: height times width. */
  public int cells() {
    return height * width;
  }

  /** The same in half precision, to be kept; frees this one, unless it is narrow already. */
  public FeatureMap narrowed() {
    if (values.dataType() == DataType.FLOAT16) {
      return this;
    }

    FeatureMap narrow =
        new FeatureMap(tap, height, width, channels, values.castTo(DataType.FLOAT16));
    close();
    return narrow;
  }

  @Override
  public void close() {
    if (values.closeable()) {
      values.close();
    }
  }
}

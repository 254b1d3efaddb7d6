package org.denseflow.matcher;

import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Everything a method computed from one image alone, ready to be matched against many others. What
 * it is differs by kind of method: cells, regions, levels of a pyramid, cells with a style code.
 */
public sealed interface ImageFeatures extends AutoCloseable
    permits CellFeatures, PyramidFeatures, RegionFeatures, StyledFeatures {

  /** The size of the image in pixels. */
  Size size();

  /** All vectors of the image as matrices {@code [n, channels]}, which belong to the features. */
  List<INDArray> vectors();

  /**
   * The same cells or regions with other vectors.
   *
   * @param vectors as many as {@link #vectors} has; they belong to the result
   */
  ImageFeatures with(List<INDArray> vectors);

  /** The same in half precision, to be kept; frees these, also when this fails. */
  default ImageFeatures narrowed() {
    try {
      return with(CloseableLists.of(vectors(), ImageFeatures::half));
    } finally {
      close();
    }
  }

  private static INDArray half(INDArray vectors) {
    return vectors.dataType() == DataType.FLOAT16
        ? vectors.dup()
        : vectors.castTo(DataType.FLOAT16);
  }

  /**
   * (1 − share) of these and share of another image's, vector by vector, in single precision.
   *
   * @throws IllegalArgumentException if their vectors are not of the same cells
   */
  default ImageFeatures mixed(ImageFeatures other, double share) {
    List<INDArray> others = other.vectors();
    List<Integer> all = IntStream.range(0, vectors().size()).boxed().toList();
    return with(CloseableLists.of(all, i -> mixed(vectors().get(i), others.get(i), share)));
  }

  private static INDArray mixed(INDArray a, INDArray b, double share) {
    try (INDArray part = wide(b);
        INDArray own = wide(a)) {
      return own.mul(1 - share).addi(part.muli(share));
    }
  }

  private static INDArray wide(INDArray vectors) {
    return vectors.dataType() == DataType.FLOAT ? vectors.dup() : vectors.castTo(DataType.FLOAT);
  }

  /** Bytes of memory that all vectors take. */
  default long bytes() {
    return vectors().stream().mapToLong(own -> own.length() * own.dataType().width()).sum();
  }

  /** Frees the native memory of all vectors. */
  @Override
  default void close() {
    vectors().forEach(INDArray::close);
  }
}

package org.denseflow.matcher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The features of an image's cells as a table stores them: the maps' numbers in half precision, one
 * map after the other, and what it takes to read them.
 *
 * @param size of the image in pixels
 * @param grid of all maps
 * @param maps in the order of their numbers
 * @param values {@code [cells, channels]} of each map, little-endian binary16
 */
public record StoredCells(Size size, Size grid, List<Layer> maps, byte[] values) {
  /** The version of the order and the encoding of the numbers. */
  public static final int FORMAT = 1;

  private static final int INFINITE = 0x7c00;

  /**
   * One map.
   *
   * @param mirrored whether it is of the mirrored image
   */
  public record Layer(String tap, int channels, boolean mirrored) {}

  /**
   * Checks that there are as many bytes as the maps have numbers.
   *
   * @throws IllegalArgumentException if not
   */
  public StoredCells {
    maps = List.copyOf(maps);
    long cells = (long) grid.width() * grid.height();
    long channels = maps.stream().mapToLong(map -> Math.max(0, map.channels())).sum();

    if (maps.isEmpty() || maps.stream().anyMatch(map -> map.channels() < 1)) {
      throw new IllegalArgumentException(
          "Invalid stored features: expected maps with channels, found " + maps);
    }

    if (cells > values.length
        || channels > values.length
        || Short.BYTES * cells * channels != values.length) {
      throw new IllegalArgumentException(
          "Invalid stored features: %d bytes for a grid of %s with %d channels, expected %d for each cell and channel"
              .formatted(values.length, grid, channels, Short.BYTES));
    }
  }

  /**
   * Of features in half precision.
   *
   * @throws IllegalArgumentException if they are in another precision
   */
  public static StoredCells of(CellFeatures features) {
    List<Layer> maps = new ArrayList<>();
    features.maps().forEach(map -> maps.add(new Layer(map.tap(), map.channels(), false)));
    features.mirrored().forEach(map -> maps.add(new Layer(map.tap(), map.channels(), true)));
    long numbers = features.vectors().stream().mapToLong(INDArray::length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Short.BYTES * numbers));

    for (INDArray vectors : features.vectors()) {
      if (vectors.dataType() != DataType.FLOAT16 || vectors.ordering() != 'c') {
        throw new IllegalArgumentException(
            "Cannot store features: expected %s in 'c' order, found %s in '%s' order"
                .formatted(DataType.FLOAT16, vectors.dataType(), vectors.ordering()));
      }

      Nd4j.getAffinityManager().ensureLocation(vectors, AffinityManager.Location.HOST);
      bytes.put(numbers(vectors));
    }

    return new StoredCells(features.size(), features.maps().get(0).grid(), maps, bytes.array());
  }

  /**
   * The features, in half precision; they belong to the caller.
   *
   * @throws IllegalArgumentException if a number is not finite
   */
  public CellFeatures features() {
    requireFinite();
    List<FeatureMap> read = new ArrayList<>();
    int at = 0;

    try {
      for (Layer map : maps) {
        int length = Short.BYTES * grid.cells() * map.channels();
        read.add(map(map, ByteBuffer.wrap(values, at, length)));
        at += length;
      }

      return new CellFeatures(size, of(read, false), of(read, true));
    } catch (RuntimeException | Error e) {
      read.forEach(FeatureMap::close);
      throw e;
    }
  }

  private List<FeatureMap> of(List<FeatureMap> read, boolean mirrored) {
    return IntStream.range(0, maps.size())
        .filter(i -> maps.get(i).mirrored() == mirrored)
        .mapToObj(read::get)
        .toList();
  }

  private FeatureMap map(Layer map, ByteBuffer bytes) {
    INDArray array =
        Nd4j.createUninitializedDetached(DataType.FLOAT16, 'c', grid.cells(), map.channels());
    numbers(array).put(bytes);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    return new FeatureMap(map.tap(), grid, map.channels(), array);
  }

  /** The bytes of an array in half precision, on the host. */
  private static ByteBuffer numbers(INDArray array) {
    ByteBuffer bytes = array.data().pointer().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return bytes.limit(Math.toIntExact(Short.BYTES * array.length()));
  }

  private void requireFinite() {
    ByteBuffer numbers = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);

    for (int i = 0; i < values.length; i += Short.BYTES) {
      if ((numbers.getShort(i) & INFINITE) == INFINITE) {
        throw new IllegalArgumentException(
            "Invalid stored features: number %d is not finite".formatted(i / Short.BYTES));
      }
    }
  }
}

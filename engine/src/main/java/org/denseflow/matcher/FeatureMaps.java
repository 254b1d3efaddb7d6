package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.ConcatenatedArray;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.UnitRows;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.WorkingSize;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Prepares an image's feature maps for matching: brings them to one grid, leaves out padding,
 * normalises cells.
 */
public final class FeatureMaps {
  /** Added to the square of a vector's length. */
  public static final double EPSILON = 1e-12;

  private FeatureMaps() {}

  /**
   * Brings all maps to the finest grid, leaves out what padding has made, unless it is matched, and
   * L2-normalises each cell; frees the given maps.
   *
   * @param size of the images that the maps are of
   */
  static List<FeatureMap> ofOneGrid(List<FeatureMap> maps, WorkingSize size, Corners upsampling) {
    FeatureMap finest = maps.get(0);

    for (FeatureMap map : maps) {
      finest = map.cells() > finest.cells() ? map : finest;
    }

    List<FeatureMap> result = new ArrayList<>();
    Size grid = finest.grid();
    int made = ring(finest, size.paddingShare());
    int ring = size.matchesRing() ? 0 : made;

    for (FeatureMap map : maps) {
      int channels = map.channels();
      float[] whole = resized(read(map.values()), map, grid, upsampling);
      float[] values = cropped(whole, channels, grid, ring);
      UnitRows.normalise(values, values.length / channels, channels, EPSILON);
      map.close();
      result.add(FeatureMap.of(map.tap(), grid.within(ring), channels, values));
    }

    return result;
  }

  /**
   * A map on another grid, bilinearly; frees the given map where it makes another.
   *
   * @return not normalised again
   */
  static FeatureMap onGrid(FeatureMap map, Size grid) {
    if (map.grid().equals(grid)) {
      return map;
    }

    float[] values = resized(read(map.values()), map, grid, Corners.EDGES);
    map.close();
    return FeatureMap.of(map.tap(), grid, map.channels(), values);
  }

  /**
   * All taps of one image side by side, L2-normalised together.
   *
   * @param maps normalised, on one grid
   * @return {@code [height·width, channels]}, an array of its own
   */
  public static INDArray joined(List<FeatureMap> maps) {
    INDArray[] levels = maps.stream().map(FeatureMap::values).toArray(INDArray[]::new);
    return ConcatenatedArray.of(1, levels).muli(1 / Math.sqrt(maps.size()));
  }

  /** The cells that padding has made on each side. */
  private static int ring(FeatureMap map, double padding) {
    double cells = padding * map.width();

    if (Math.abs(cells - Math.rint(cells)) > 1e-9) {
      throw new IllegalArgumentException(
          "Invalid padding: it makes %.2f cells at tap %s; it must make whole ones"
              .formatted(cells, map.tap()));
    }

    return (int) Math.rint(cells);
  }

  private static float[] cropped(float[] values, int channels, Size grid, int ring) {
    if (ring == 0) {
      return values;
    }

    Size inner = grid.within(ring);
    int length = inner.width() * channels;
    float[] result = new float[inner.height() * length];

    for (int row = 0; row < inner.height(); row++) {
      int from = ((row + ring) * grid.width() + ring) * channels;
      System.arraycopy(values, from, result, row * length, length);
    }

    return result;
  }

  private static float[] read(INDArray array) {
    float[] values = new float[(int) array.length()];
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    array.data().asNioFloat().get(values);
    return values;
  }

  /** Bilinear between cell centres, constant beyond the outermost. */
  private static float[] resized(float[] values, FeatureMap map, Size grid, Corners corners) {
    if (map.grid().equals(grid)) {
      return values;
    }

    int channels = map.channels();
    float[] result = new float[grid.cells() * channels];

    for (int i = 0; i < grid.cells(); i++) {
      double x = corners.position(i % grid.width(), map.width(), grid.width());
      double y = corners.position(i / grid.width(), map.height(), grid.height());
      Bilinear.at(map.grid(), x, y, Border.REPLICATE).read(values, channels, result, i * channels);
    }

    return result;
  }
}

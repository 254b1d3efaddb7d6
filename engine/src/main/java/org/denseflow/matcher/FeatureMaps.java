package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Stack;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.WorkingSize;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What matching needs done to feature maps once per image. */
public final class FeatureMaps {
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
    int height = finest.height();
    int width = finest.width();
    int made = ring(finest, size.paddingShare());
    int ring = size.matchesRing() ? 0 : made;

    for (FeatureMap map : maps) {
      float[] values = read(map.values());
      values =
          cropped(
              resized(values, map, height, width, upsampling), map.channels(), height, width, ring);
      normalise(values, map.channels());
      map.close();
      result.add(
          new FeatureMap(
              map.tap(),
              height - 2 * ring,
              width - 2 * ring,
              map.channels(),
              Nd4j.create(
                  values,
                  new long[] {(height - 2L * ring) * (width - 2L * ring), map.channels()},
                  'c')));
    }

    return result;
  }

  /**
   * A map on another grid, bilinearly; frees the given map where it makes another.
   *
   * @return not normalised again
   */
  static FeatureMap onGrid(FeatureMap map, int height, int width) {
    if (map.height() == height && map.width() == width) {
      return map;
    }

    float[] values = resized(read(map.values()), map, height, width, Corners.EDGES);
    map.close();
    return new FeatureMap(
        map.tap(),
        height,
        width,
        map.channels(),
        Nd4j.create(values, new long[] {(long) height * width, map.channels()}, 'c'));
  }

  /**
   * All taps of one image side by side, L2-normalised together.
   *
   * @param maps normalised, on one grid
   * @return {@code [height·width, channels]}, an array of its own
   */
  public static INDArray joined(List<FeatureMap> maps) {
    INDArray[] levels = maps.stream().map(FeatureMap::values).toArray(INDArray[]::new);
    return Stack.of(1, levels).muli(1 / Math.sqrt(maps.size()));
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

  private static float[] cropped(float[] values, int channels, int height, int width, int ring) {
    if (ring == 0) {
      return values;
    }

    int columns = width - 2 * ring;
    float[] result = new float[(height - 2 * ring) * columns * channels];

    for (int row = 0; row < height - 2 * ring; row++) {
      int from = ((row + ring) * width + ring) * channels;
      System.arraycopy(values, from, result, row * columns * channels, columns * channels);
    }

    return result;
  }

  private static float[] read(INDArray array) {
    float[] values = new float[(int) array.length()];
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    array.data().asNioFloat().get(values);
    return values;
  }

  /** v / sqrt(|v|² + 1e-12): a cell without any feature stays zero. */
  private static void normalise(float[] values, int channels) {
    for (int from = 0; from < values.length; from += channels) {
      double sum = 1e-12;

      for (int c = from; c < from + channels; c++) {
        sum += values[c] * values[c];
      }

      float factor = (float) (1 / Math.sqrt(sum));

      for (int c = from; c < from + channels; c++) {
        values[c] *= factor;
      }
    }
  }

  /** Bilinear between cell centres, constant beyond the outermost. */
  private static float[] resized(
      float[] values, FeatureMap map, int height, int width, Corners corners) {
    if (map.height() == height && map.width() == width) {
      return values;
    }

    int channels = map.channels();
    float[] result = new float[height * width * channels];

    for (int i = 0; i < height * width; i++) {
      double x = corners.position(i % width, map.width(), width);
      double y = corners.position(i / width, map.height(), height);
      int x0 = (int) x;
      int y0 = (int) y;
      int x1 = Math.min(map.width() - 1, x0 + 1);
      int y1 = Math.min(map.height() - 1, y0 + 1);
      float fx = (float) (x - x0);
      float fy = (float) (y - y0);

      for (int c = 0; c < channels; c++) {
        float top =
            values[(y0 * map.width() + x0) * channels + c] * (1 - fx)
                + values[(y0 * map.width() + x1) * channels + c] * fx;
        float bottom =
            values[(y1 * map.width() + x0) * channels + c] * (1 - fx)
                + values[(y1 * map.width() + x1) * channels + c] * fx;
        result[i * channels + c] = top * (1 - fy) + bottom * fy;
      }
    }

    return result;
  }
}

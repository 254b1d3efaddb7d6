package org.denseflow.matcher.recurrent;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Stack;
import org.denseflow.graph.GridSize;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What goes into graphs and comes back. */
final class Maps {
  private Maps() {}

  /** The grid of an image's first map. */
  static GridSize grid(List<FeatureMap> maps) {
    return new GridSize(maps.get(0).height(), maps.get(0).width());
  }

  /** {@code [h·w, channels]} as a batch of one, {@code [1, h, w, channels]}. */
  static INDArray batch(INDArray cells, GridSize grid) {
    return cells.reshape('c', 1, grid.height(), grid.width(), cells.size(1));
  }

  /** A map of a batch, {@code [batch, h, w, channels]}. */
  static SDVariable placeholder(SameDiff graph, String name, GridSize grid, int channels) {
    return graph.placeHolder(name, DataType.FLOAT, -1, grid.height(), grid.width(), channels);
  }

  /**
   * A map of one image.
   *
   * @param map {@code [1, h, w, channels]}; the result owns it
   */
  static FeatureMap of(String tap, INDArray map) {
    int height = (int) map.size(1);
    int width = (int) map.size(2);
    int channels = (int) map.size(3);
    INDArray cells = map.dup('c').reshape('c', (long) height * width, channels);
    map.close();
    return new FeatureMap(tap, height, width, channels, cells);
  }

  /**
   * One map of each of several images side by side, an array of its own.
   *
   * @return {@code [images, h, w, channels]}
   */
  static INDArray stacked(List<List<FeatureMap>> images, int map) {
    return Stack.of(
        0,
        images.stream()
            .map(maps -> maps.get(map))
            .map(own -> batch(own.values(), new GridSize(own.height(), own.width())))
            .toArray(INDArray[]::new));
  }

  /** The values of each of so many pairs; frees the array. */
  static List<float[]> split(INDArray array, int pairs) {
    float[] values = array.dup('c').data().asFloat();
    array.close();
    int own = values.length / pairs;
    return IntStream.range(0, pairs)
        .mapToObj(pair -> Arrays.copyOfRange(values, pair * own, (pair + 1) * own))
        .toList();
  }
}

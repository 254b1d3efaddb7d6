package org.denseflow.matcher.recurrent;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.training.GridSize;
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
  static FeatureMap of(String tap, GridSize grid, INDArray map) {
    int channels = (int) map.size(3);
    INDArray cells = map.dup('c').reshape('c', grid.cells(), channels);
    map.close();
    return new FeatureMap(tap, grid.height(), grid.width(), channels, cells);
  }

  /** The values; frees the array. */
  static float[] read(INDArray array) {
    float[] values = array.dup('c').data().asFloat();
    array.close();
    return values;
  }
}

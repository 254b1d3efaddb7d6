package org.denseflow.matcher.recurrent;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.denseflow.backbone.ConcatenatedArray;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.graph.NativeArrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Converts between feature maps of images and the batched arrays of a graph. */
final class FeatureMapArrays {
  private FeatureMapArrays() {}

  /** A map's grid. */
  static Size grid(FeatureMap map) {
    return map.grid();
  }

  /** {@code [h·w, channels]} as a batch of one, {@code [1, h, w, channels]}. */
  static INDArray batch(INDArray cells, Size grid) {
    return cells.reshape('c', 1, grid.height(), grid.width(), cells.size(1));
  }

  /** The placeholder of a batch of maps, {@code [batch, h, w, channels]}. */
  static SDVariable placeholder(SameDiff graph, String name, Size grid, int channels) {
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

    try (map;
        INDArray ordered = map.dup('c')) {
      INDArray cells = ordered.reshape('c', (long) height * width, channels).dup('c');
      return new FeatureMap(tap, new Size(width, height), channels, cells);
    }
  }

  /**
   * One map of each of several images side by side, an array of its own.
   *
   * @return {@code [images, h, w, channels]}
   */
  static <F> INDArray stacked(List<F> images, Function<F, FeatureMap> map) {
    return ConcatenatedArray.of(
        0,
        images.stream()
            .map(map)
            .map(own -> batch(own.values(), own.grid()))
            .toArray(INDArray[]::new));
  }

  /** The values of each pair of a batch; frees the array. */
  static List<float[]> split(INDArray array, int pairs) {
    float[] values = NativeArrays.values(array);
    int own = values.length / pairs;
    return IntStream.range(0, pairs)
        .mapToObj(pair -> Arrays.copyOfRange(values, pair * own, (pair + 1) * own))
        .toList();
  }
}

package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** The mean of a map over the square around each cell, with zeros outside of the map. */
public final class BoxFilter {

  private BoxFilter() {}

  /**
   * Filters.
   *
   * @param map {@code [batch, h, w, channels]}
   * @param radius r; the square has (2r + 1)² cells
   * @return the shape of map
   */
  public static SDVariable mean(SDVariable map, int radius) {
    SameDiff graph = map.getSameDiff();
    int[] none = {0, 0};
    int[] border = {radius, radius};
    SDVariable padded = graph.nn().pad(map, Constants.padding(map, none, border, border, none), 0);
    Pooling2DConfig config =
        Pooling2DConfig.builder()
            .kH(2 * radius + 1)
            .kW(2 * radius + 1)
            .sH(1)
            .sW(1)
            .paddingMode(PaddingMode.VALID)
            .isNHWC(true)
            .build();
    return graph.cnn().avgPooling2d(padded, config);
  }
}

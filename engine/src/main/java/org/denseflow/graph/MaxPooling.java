package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** The largest of 2x2 cells, for each channel. */
public final class MaxPooling {

  private MaxPooling() {}

  /**
   * Halves a map.
   *
   * @param map {@code [batch, h, w, channels]}
   * @return {@code [batch, h / 2, w / 2, channels]}, sides rounded up: an odd border has fewer
   *     cells
   */
  public static SDVariable halved(SDVariable map) {
    Pooling2DConfig config =
        Pooling2DConfig.builder()
            .kH(2)
            .kW(2)
            .sH(2)
            .sW(2)
            .paddingMode(PaddingMode.SAME)
            .isNHWC(true)
            .build();
    return map.getSameDiff().cnn().maxPooling2d(map, config);
  }
}

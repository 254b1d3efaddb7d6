package org.denseflow.correlation;

import org.denseflow.geometry.Size;

/**
 * A correlation volume in other coordinates: by displacement instead of target cell. The values of
 * one displacement j − i lie side by side over the source grid, {@code [height·width of
 * displacements, sourceHeight·sourceWidth]}; where i plus the displacement lies outside of the
 * target grid, they are 0. Matches that move together are neighbours here.
 */
public record Displacements(Size source, Size target) {

  /** For a volume's grids. */
  public static Displacements of(CorrelationVolume volume) {
    return new Displacements(volume.source(), volume.target());
  }

  /** Different horizontal displacements, from 1 − sourceWidth to targetWidth − 1. */
  public int width() {
    return source.width() + target.width() - 1;
  }

  /** Different vertical displacements, from 1 − sourceHeight to targetHeight − 1. */
  public int height() {
    return source.height() + target.height() - 1;
  }

  /** All displacements. */
  public int count() {
    return width() * height();
  }

  /** Source cells. */
  public int cells() {
    return source.cells();
  }

  /** The horizontal displacement of the d-th, in cells. */
  public int x(int d) {
    return d % width() - (source.width() - 1);
  }

  /** The vertical displacement of the d-th, in cells. */
  public int y(int d) {
    return d / width() - (source.height() - 1);
  }

  /** Where the value of a source cell and a target cell lies. */
  public int index(int sourceCell, int targetCell) {
    int columns = source.width();
    int dx = targetCell % target.width() - sourceCell % columns + columns - 1;
    int dy = targetCell / target.width() - sourceCell / columns + source.height() - 1;
    return (dy * width() + dx) * cells() + sourceCell;
  }

  /**
   * Rearranges values.
   *
   * @param values {@code [sourceHeight·sourceWidth, targetHeight·targetWidth]}
   * @param stride distance of a result from the next, for several channels side by side
   * @param to receives the values from {@code channel} on; elsewhere it is left as it is
   */
  public void arrange(float[] values, int stride, int channel, float[] to) {
    int targetWidth = target.width();
    int columns = target.cells();

    for (int i = 0; i < cells(); i++) {
      for (int row = 0; row < target.height(); row++) {
        int from = i * columns + row * targetWidth;
        int at = index(i, row * targetWidth) * stride + channel;
        int step = cells() * stride;

        for (int x = 0; x < targetWidth; x++) {
          to[at + x * step] = values[from + x];
        }
      }
    }
  }
}

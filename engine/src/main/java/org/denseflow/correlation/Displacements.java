package org.denseflow.correlation;

/**
 * A correlation volume in other coordinates: by displacement instead of target cell. The values of
 * one displacement j − i lie side by side over the source grid, {@code [height·width of
 * displacements, sourceHeight·sourceWidth]}; where i plus the displacement lies outside of the
 * target grid, they are 0. Matches that move together are neighbours here.
 */
public record Displacements(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight) {

  /** For a volume's grids. */
  public static Displacements of(CorrelationVolume volume) {
    return new Displacements(
        volume.sourceWidth(), volume.sourceHeight(), volume.targetWidth(), volume.targetHeight());
  }

  /** Different horizontal displacements, from 1 − sourceWidth to targetWidth − 1. */
  public int width() {
    return sourceWidth + targetWidth - 1;
  }

  /** Different vertical displacements, from 1 − sourceHeight to targetHeight − 1. */
  public int height() {
    return sourceHeight + targetHeight - 1;
  }

  /** All displacements. */
  public int count() {
    return width() * height();
  }

  /** Source cells. */
  public int cells() {
    return sourceWidth * sourceHeight;
  }

  /** The horizontal displacement of the d-th, in cells. */
  public int x(int d) {
    return d % width() - (sourceWidth - 1);
  }

  /** The vertical displacement of the d-th, in cells. */
  public int y(int d) {
    return d / width() - (sourceHeight - 1);
  }

  /** Where the value of a source cell and a target cell lies. */
  public int index(int sourceCell, int targetCell) {
    int dx = targetCell % targetWidth - sourceCell % sourceWidth + sourceWidth - 1;
    int dy = targetCell / targetWidth - sourceCell / sourceWidth + sourceHeight - 1;
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
    int columns = targetWidth * targetHeight;

    for (int i = 0; i < cells(); i++) {
      for (int row = 0; row < targetHeight; row++) {
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

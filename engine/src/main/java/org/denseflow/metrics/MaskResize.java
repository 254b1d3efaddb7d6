package org.denseflow.metrics;

import org.denseflow.image.Mask;

/** Resizes masks as MATLAB's imresize does: triangle filter, widened when shrinking, over 0.5. */
final class MaskResize {

  private MaskResize() {}

  static Mask bilinear(Mask mask, int width, int height) {
    if (mask.width() == width && mask.height() == height) {
      return mask;
    }
    float[] values = new float[mask.width() * mask.height()];

    for (int p = 0; p < values.length; p++) {
      values[p] = mask.inside()[p] ? 1 : 0;
    }
    float[] rows = resample(values, mask.width(), 1, mask.height(), mask.width(), width);
    float[] both = resampleColumns(rows, width, mask.height(), height);
    boolean[] inside = new boolean[width * height];

    for (int p = 0; p < inside.length; p++) {
      inside[p] = both[p] > 0.5f;
    }
    return new Mask(width, height, inside);
  }

  private static float[] resampleColumns(float[] values, int width, int oldHeight, int newHeight) {
    float[] out = new float[width * newHeight];

    for (int x = 0; x < width; x++) {
      for (int y = 0; y < newHeight; y++) {
        out[y * width + x] = filtered(values, x, width, oldHeight, y, newHeight);
      }
    }
    return out;
  }

  private static float[] resample(
      float[] values, int lineStride, int step, int lines, int oldSize, int newSize) {
    float[] out = new float[lines * newSize];

    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < newSize; i++) {
        out[line * newSize + i] = filtered(values, line * lineStride, step, oldSize, i, newSize);
      }
    }
    return out;
  }

  private static float filtered(
      float[] values, int start, int step, int oldSize, int index, int newSize) {
    double scale = (double) newSize / oldSize;
    double radius = Math.max(1, 1 / scale);
    double centre = (index + 0.5) / scale - 0.5;
    double sum = 0;
    double total = 0;

    for (int i = (int) Math.ceil(centre - radius); i <= Math.floor(centre + radius); i++) {
      double weight = 1 - Math.abs(i - centre) / radius;
      sum += weight * values[start + step * mirrored(i, oldSize)];
      total += weight;
    }
    return (float) (sum / total);
  }

  private static int mirrored(int index, int size) {
    int period = Math.floorMod(index, 2 * size);
    return period < size ? period : 2 * size - 1 - period;
  }
}

package org.denseflow.backbone;

/**
 * What the weights expect of a pixel: (value · scale − mean) / std per channel, for RGB in 0..255.
 * It belongs to the weights, not to the network.
 */
record Preprocessing(double scale, double[] mean, double[] std) {

  /** torchvision: 0..1, then the ImageNet mean and standard deviation. */
  static final Preprocessing IMAGENET =
      new Preprocessing(
          1 / 255.0, new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});

  /** Writes {@code [height, width, 3]} values into an array from an offset on. */
  void apply(float[] values, float[] to, int offset) {
    float[] factor = new float[3];
    float[] shift = new float[3];

    for (int c = 0; c < 3; c++) {
      factor[c] = (float) (scale / std[c]);
      shift[c] = (float) (-mean[c] / std[c]);
    }

    for (int i = 0; i < values.length; i += 3) {
      to[offset + i] = values[i] * factor[0] + shift[0];
      to[offset + i + 1] = values[i + 1] * factor[1] + shift[1];
      to[offset + i + 2] = values[i + 2] * factor[2] + shift[2];
    }
  }
}

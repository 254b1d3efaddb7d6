package org.denseflow.backbone;

import java.util.Collections;
import java.util.List;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbColor;

/**
 * The normalisation of pixels that weights expect: (value · scale − mean) / std per channel, for
 * values in 0..255. It belongs to the weights, not to the network.
 *
 * @param mean of each channel, in the order of {@code channels}, as {@code std}
 */
public record Preprocessing(double scale, List<Double> mean, List<Double> std, Channels channels) {

  /** The order of an image's channels. */
  public enum Channels {
    RGB,
    BGR
  }

  /** torchvision: 0..1, then the ImageNet mean and standard deviation. */
  public static final Preprocessing IMAGENET =
      new Preprocessing(
          1 / 255.0, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225), Channels.RGB);

  /** The same for all channels. */
  public static Preprocessing uniform(double scale, double mean, Channels channels) {
    return new Preprocessing(
        scale, Collections.nCopies(3, mean), Collections.nCopies(3, 1.0), channels);
  }

  /** The same of each colour with the channels in another order. */
  public Preprocessing in(Channels order) {
    return order == channels
        ? this
        : new Preprocessing(scale, reversed(mean), reversed(std), order);
  }

  private static List<Double> reversed(List<Double> values) {
    return List.of(values.get(2), values.get(1), values.get(0));
  }

  /** The colour that becomes zero. */
  public RgbColor neutral() {
    List<Double> rgb = in(Channels.RGB).mean();
    return new RgbColor(
        (float) (rgb.get(0) / scale), (float) (rgb.get(1) / scale), (float) (rgb.get(2) / scale));
  }

  /**
   * Images as a network takes them.
   *
   * @return {@code [batch, height, width, 3]}
   * @throws IllegalArgumentException if they differ in size
   */
  public float[] apply(List<FloatImage> images) {
    FloatImage first = images.get(0);
    float[] values = new float[images.size() * first.values().length];

    for (int i = 0; i < images.size(); i++) {
      FloatImage image = images.get(i);

      if (image.width() != first.width() || image.height() != first.height()) {
        throw new IllegalArgumentException(
            "Cannot batch images of different sizes: %dx%d and %dx%d"
                .formatted(first.width(), first.height(), image.width(), image.height()));
      }

      apply(image.values(), values, i * first.values().length);
    }

    return values;
  }

  private void apply(float[] values, float[] to, int offset) {
    for (int c = 0; c < 3; c++) {
      int from = channels == Channels.RGB ? c : 2 - c;
      float factor = (float) (scale / std.get(c));
      float shift = (float) (-mean.get(c) / std.get(c));

      for (int i = 0; i < values.length; i += 3) {
        to[offset + i + c] = values[i + from] * factor + shift;
      }
    }
  }
}

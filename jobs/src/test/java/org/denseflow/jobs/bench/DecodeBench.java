package org.denseflow.jobs.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.RgbImage;

/** Decoding under limits beside ImageIO alone. */
final class DecodeBench {
  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;

  private DecodeBench() {}

  static List<BenchRow> rows() {
    byte[] jpeg = ImageEncoder.jpeg(image(), 0.9f);
    double own = Stopwatch.bestMillis(() -> decode(jpeg));
    double floor = Stopwatch.bestMillis(() -> imageIo(jpeg));
    return List.of(BenchRow.of("decode a 500x375 JPEG (floor: ImageIO alone)", own, "ms", floor));
  }

  /** Soft stripes with noise, 500x375. */
  static RgbImage image() {
    Random random = new Random(2);
    byte[] pixels = new byte[WIDTH * HEIGHT * 3];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (128 + 60 * Math.sin(i / 900.0) + random.nextInt(20));
    }

    return new RgbImage(WIDTH, HEIGHT, pixels);
  }

  private static void decode(byte[] bytes) {
    try {
      ImageDecoder.decode(bytes, ImageLimits.DEFAULT);
    } catch (ImageException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void imageIo(byte[] bytes) {
    try {
      ImageIO.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

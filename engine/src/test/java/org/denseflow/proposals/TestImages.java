package org.denseflow.proposals;

import java.util.Random;
import org.denseflow.image.RgbImage;

/** Made images. */
final class TestImages {
  private TestImages() {}

  static RgbImage noise(int width, int height, long seed) {
    byte[] pixels = new byte[3 * width * height];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }

  /** Rectangles of random colours and places on each other. */
  static RgbImage rectangles(int width, int height, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[3 * width * height];

    for (int r = 0; r < 60; r++) {
      int x1 = random.nextInt(width);
      int y1 = random.nextInt(height);
      int x2 = Math.min(width, x1 + 5 + random.nextInt(width / 3));
      int y2 = Math.min(height, y1 + 5 + random.nextInt(height / 3));
      byte[] color = new byte[3];
      random.nextBytes(color);

      for (int y = y1; y < y2; y++) {
        for (int x = x1; x < x2; x++) {
          System.arraycopy(color, 0, pixels, 3 * (y * width + x), 3);
        }
      }
    }

    return new RgbImage(width, height, pixels);
  }
}

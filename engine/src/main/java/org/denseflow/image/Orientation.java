package org.denseflow.image;

/** Whether an image's EXIF orientation tag is followed. */
public enum Orientation {
  /** Turned and mirrored as the tag says, as viewers show it. */
  UPRIGHT,
  /** As the file stores the pixels, whatever the tag says. */
  STORED;

  private static final int FIRST_TRANSPOSED = 5;

  RgbImage apply(RgbImage image, int tag) {
    if (this == STORED || tag == 1) {
      return image;
    }

    int[] from = origins(image.width(), image.height(), tag);
    byte[] pixels = new byte[image.pixels().length];

    for (int i = 0; i < from.length; i++) {
      System.arraycopy(image.pixels(), 3 * from[i], pixels, 3 * i, 3);
    }

    return tag < FIRST_TRANSPOSED
        ? new RgbImage(image.width(), image.height(), pixels)
        : new RgbImage(image.height(), image.width(), pixels);
  }

  Mask apply(Mask mask, int tag) {
    if (this == STORED || tag == 1) {
      return mask;
    }

    int[] from = origins(mask.width(), mask.height(), tag);
    boolean[] inside = new boolean[from.length];

    for (int i = 0; i < from.length; i++) {
      inside[i] = mask.inside()[from[i]];
    }

    return tag < FIRST_TRANSPOSED
        ? new Mask(mask.width(), mask.height(), inside)
        : new Mask(mask.height(), mask.width(), inside);
  }

  /** For each upright pixel, row-major, the stored pixel that it shows (EXIF 2.32, 4.6.4.A). */
  private static int[] origins(int width, int height, int tag) {
    int uprightWidth = tag < FIRST_TRANSPOSED ? width : height;
    int[] from = new int[width * height];

    for (int i = 0; i < from.length; i++) {
      int x = i % uprightWidth;
      int y = i / uprightWidth;
      from[i] =
          switch (tag) {
            case 2 -> y * width + width - 1 - x;
            case 3 -> (height - 1 - y) * width + width - 1 - x;
            case 4 -> (height - 1 - y) * width + x;
            case 5 -> x * width + y;
            case 6 -> (height - 1 - x) * width + y;
            case 7 -> (height - 1 - x) * width + width - 1 - y;
            case 8 -> x * width + width - 1 - y;
            default -> throw new IllegalArgumentException("Invalid orientation tag: " + tag);
          };
    }

    return from;
  }
}

package org.denseflow.transfer;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.image.Mask;

/**
 * COCO's compressed run lengths of a mask: runs of background and object in turn, column by column,
 * each from the third on as the difference to the one two before, in groups of five bits from the
 * lowest, with a sixth bit for "more follows", plus 48 (cocoapi, maskApi.c, rleToString).
 */
public final class RunLengths {
  private static final int FIRST = 48;
  private static final int MORE = 0x20;
  private static final int SIGN = 0x10;

  private RunLengths() {}

  /** The mask as the {@code counts} of a COCO segmentation of size [height, width]. */
  public static String encode(Mask mask) {
    List<Long> runs = runs(mask);
    StringBuilder text = new StringBuilder();

    for (int i = 0; i < runs.size(); i++) {
      append(text, i > 2 ? runs.get(i) - runs.get(i - 2) : runs.get(i));
    }

    return text.toString();
  }

  /**
   * Reads counts back.
   *
   * @throws IllegalArgumentException if they are not counts of a mask of this size
   */
  public static Mask decode(String counts, int width, int height) {
    boolean[] inside = new boolean[width * height];
    List<Long> runs = new ArrayList<>();
    int pixel = 0;

    for (int at = 0; at < counts.length(); ) {
      long value = 0;
      int shift = 0;
      int group;

      do {
        if (at == counts.length()) {
          throw malformed(width, height, "they end within a number");
        }

        group = counts.charAt(at++) - FIRST;
        value |= (long) (group & 0x1f) << shift;
        shift += 5;
      } while ((group & MORE) != 0);

      value |= (group & SIGN) != 0 ? -1L << shift : 0;
      int number = runs.size();
      runs.add(number > 2 ? value + runs.get(number - 2) : value);
      long end = pixel + runs.get(number);

      if (runs.get(number) < 0 || end > inside.length) {
        throw malformed(width, height, "run %d is %d".formatted(number, runs.get(number)));
      }

      for (; pixel < end; pixel++) {
        inside[pixel % height * width + pixel / height] = number % 2 == 1;
      }
    }

    if (pixel != inside.length) {
      throw malformed(width, height, "they are of %d pixels".formatted(pixel));
    }

    return new Mask(width, height, inside);
  }

  private static IllegalArgumentException malformed(int width, int height, String reason) {
    return new IllegalArgumentException(
        "Invalid run lengths of a mask of %dx%d: %s".formatted(width, height, reason));
  }

  private static List<Long> runs(Mask mask) {
    List<Long> runs = new ArrayList<>();
    boolean object = false;
    long length = 0;

    for (int x = 0; x < mask.width(); x++) {
      for (int y = 0; y < mask.height(); y++) {
        if (mask.at(x, y) != object) {
          runs.add(length);
          length = 0;
          object = !object;
        }

        length++;
      }
    }

    runs.add(length);
    return runs;
  }

  private static void append(StringBuilder text, long value) {
    long rest = value;
    boolean more = true;

    while (more) {
      int group = (int) (rest & 0x1f);
      rest >>= 5;
      more = (group & SIGN) != 0 ? rest != -1 : rest != 0;
      text.append((char) ((more ? group | MORE : group) + FIRST));
    }
  }
}

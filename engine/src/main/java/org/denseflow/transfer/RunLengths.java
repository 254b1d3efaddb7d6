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

package org.denseflow.image;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The colours of PASCAL VOC's labels: bit i of a label's thirds, counted from the lowest, is bit 7
 * - i of red, green and blue (VOC development kit, VOClabelcolormap).
 */
final class VocPalette {
  private static final Map<Integer, Integer> INDICES = indices();

  private VocPalette() {}

  /** Packed RGB of a label, 0 to 255. */
  static int colour(int label) {
    int colour = 0;

    for (int bit = 0; bit < 8; bit++) {
      int rest = label >> 3 * bit;
      int third = (rest & 1) << 16 | (rest >> 1 & 1) << 8 | rest >> 2 & 1;
      colour |= third << 7 - bit;
    }

    return colour;
  }

  /** The label of a colour that is one of them. */
  static int index(int colour) {
    return INDICES.get(colour);
  }

  static boolean hasAll(Set<Integer> colours) {
    return INDICES.keySet().containsAll(colours);
  }

  private static Map<Integer, Integer> indices() {
    Map<Integer, Integer> indices = new HashMap<>();

    for (int label = 0; label < 256; label++) {
      indices.put(colour(label), label);
    }

    return Map.copyOf(indices);
  }
}

package org.denseflow.image;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What values a mask's file holds.
 *
 * @param kind of values
 * @param range the largest label that there can be
 * @param labels palette indices or levels of grey that occur; of RGB those of the first channel
 * @param colours packed RGB that occur, at most {@value #MOST_COLOURS} and one more
 * @param cutOut whether some pixels are opaque and others transparent
 * @param palette packed ARGB by index, null without
 * @param lossy whether the format changes values: then small differences mean nothing
 */
record MaskContent(
    Kind kind,
    int range,
    BitSet labels,
    Set<Integer> colours,
    boolean cutOut,
    int[] palette,
    boolean lossy) {
  static final int MOST_COLOURS = 256;
  private static final int SHOWN = 12;

  /** What the numbers of a pixel are. */
  enum Kind {
    /** One level, or three that agree. */
    GREY,
    /** An index into a palette that has colours. */
    INDEX,
    /** Red, green and blue. */
    COLOUR
  }

  static MaskContent of(MaskPixels pixels, String format) {
    Samples samples = pixels.samples();
    BitSet labels = new BitSet();
    Set<Integer> colours = new HashSet<>();
    boolean[] seen = new boolean[3];
    pixels.mask(
        (label, argb) -> {
          labels.set(label);
          seen[argb >>> 24 > 127 ? 1 : 0] = true;
          seen[2] |= !isGrey(argb);

          if (colours.size() <= MOST_COLOURS) {
            colours.add(argb & 0xffffff);
          }

          return false;
        });
    boolean lossy = format.equals("jpeg");
    int[] palette = samples.palette();

    if (palette == null) {
      Kind kind = seen[2] ? Kind.COLOUR : Kind.GREY;
      return new MaskContent(
          kind, samples.range(), labels, colours, seen[0] && seen[1], null, lossy);
    }

    for (int entry : palette) {
      if (!isGrey(entry)) {
        return new MaskContent(
            Kind.INDEX, 255, labels, colours, seen[0] && seen[1], palette, lossy);
      }
    }

    return new MaskContent(
        Kind.GREY,
        isRamp(palette) ? palette.length - 1 : 255,
        isRamp(palette) ? labels : levels(labels, palette),
        colours,
        seen[0] && seen[1],
        palette,
        lossy);
  }

  /** The level of grey that a label stands for, in this content's range. */
  int level(int label) {
    return palette == null || isRamp(palette) ? label : level(palette, label);
  }

  /** The values for a message. */
  String describe() {
    String name =
        switch (kind) {
          case GREY -> "grey levels";
          case INDEX -> "palette indices";
          case COLOUR -> "colours";
        };
    String values =
        kind == Kind.COLOUR
            ? colours.stream()
                .sorted()
                .limit(SHOWN)
                .map(colour -> String.format(Locale.ROOT, "#%06x", colour))
                .collect(Collectors.joining(", "))
            : labels.stream()
                .limit(SHOWN)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
    int count = kind == Kind.COLOUR ? colours.size() : labels.cardinality();
    return "the %s %s%s%s"
        .formatted(
            name,
            values,
            count > SHOWN ? " and more" : "",
            kind == Kind.GREY ? " of 0 to " + range : "");
  }

  static boolean isGrey(int argb) {
    int blue = argb & 0xff;
    return (argb >> 8 & 0xff) == blue && (argb >> 16 & 0xff) == blue;
  }

  private static BitSet levels(BitSet labels, int[] palette) {
    BitSet levels = new BitSet();
    labels.stream().forEach(label -> levels.set(level(palette, label)));
    return levels;
  }

  private static int level(int[] palette, int label) {
    return label < palette.length ? palette[label] & 0xff : 0;
  }

  /** Whether a grey palette only spreads its indices over black to white, as ImageIO's do. */
  private static boolean isRamp(int[] palette) {
    for (int i = 0; i < palette.length; i++) {
      if (palette.length == 1 || (palette[i] & 0xff) != i * 255 / (palette.length - 1)) {
        return false;
      }
    }

    return true;
  }
}

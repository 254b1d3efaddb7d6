package org.denseflow.image;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The values that a mask's file holds, in summary: what its object is depends on them.
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

  /** What occurs in a mask. */
  private static final class Occurring implements MaskPixels.Visitor {
    private final BitSet labels = new BitSet();
    private final Set<Integer> colours = new HashSet<>();
    private boolean opaque;
    private boolean transparent;
    private boolean coloured;
    private int before = -1;
    private int colourBefore;

    /** Most pixels are as the one before. */
    @Override
    public void visit(int index, int label, int argb) {
      if (label == before && argb == colourBefore) {
        return;
      }

      before = label;
      colourBefore = argb;
      labels.set(label);
      opaque |= argb >>> 24 > 127;
      transparent |= argb >>> 24 <= 127;
      coloured |= !isGrey(argb);

      if (colours.size() <= MOST_COLOURS) {
        colours.add(argb & 0xffffff);
      }
    }

    private MaskContent content(Kind kind, int range, BitSet values, int[] palette, boolean lossy) {
      return new MaskContent(kind, range, values, colours, opaque && transparent, palette, lossy);
    }
  }

  static MaskContent of(MaskPixels pixels, String format) {
    Occurring found = new Occurring();
    pixels.each(found);
    boolean lossy = format.equals("jpeg");
    int[] palette = pixels.samples().palette();

    if (palette == null) {
      Kind kind = found.coloured ? Kind.COLOUR : Kind.GREY;
      return found.content(kind, pixels.samples().range(), found.labels, null, lossy);
    }

    if (IntStream.of(palette).anyMatch(entry -> !isGrey(entry))) {
      return found.content(Kind.INDEX, 255, found.labels, palette, lossy);
    }

    return isRamp(palette)
        ? found.content(Kind.GREY, palette.length - 1, found.labels, palette, lossy)
        : found.content(Kind.GREY, 255, levels(found.labels, palette), palette, lossy);
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

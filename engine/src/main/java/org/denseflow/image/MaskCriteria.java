package org.denseflow.image;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Turns a {@link MaskRule} into a criterion of single pixels, by what values the file holds. */
final class MaskCriteria {
  static final String HINT =
      "; choose the object's with input.mask-labels, or a share of the range with"
          + " input.mask-threshold";

  private static final int VOID = 255;
  private static final int FEW = 32;
  private static final int NEAR_WHITE = 224;

  private MaskCriteria() {}

  static MaskPixels.Criterion of(MaskContent content, MaskRule rule) throws ImageException {
    if (rule instanceof MaskRule.Labels chosen) {
      return labels(content, chosen);
    }

    return rule instanceof MaskRule.Above above ? above(content, above.share()) : auto(content);
  }

  private static MaskPixels.Criterion above(MaskContent content, double share) {
    if (content.cutOut()) {
      return (label, argb) -> argb >>> 24 > 255 * share;
    }

    return switch (content.kind()) {
      case GREY -> (label, argb) -> content.level(label) > content.range() * share;
      case INDEX, COLOUR -> (label, argb) -> largest(argb) > 255 * share;
    };
  }

  private static MaskPixels.Criterion auto(MaskContent content) throws ImageException {
    if (content.cutOut()) {
      int border = content.kind() == MaskContent.Kind.INDEX ? VocPalette.colour(VOID) : -1;
      return (label, argb) -> argb >>> 24 > 127 && (argb & 0xffffff) != border;
    }

    return switch (content.kind()) {
      case GREY -> grey(content);
      case INDEX -> index(content);
      case COLOUR -> colour(content);
    };
  }

  private static MaskPixels.Criterion labels(MaskContent content, MaskRule.Labels rule)
      throws ImageException {
    BitSet chosen = new BitSet();
    rule.labels().forEach(chosen::set);

    if (content.kind() == MaskContent.Kind.COLOUR && !VocPalette.hasAll(content.colours())) {
      throw ambiguous(content, "RGB has no labels; choose with input.mask-threshold");
    }

    return switch (content.kind()) {
      case GREY -> (label, argb) -> chosen.get(content.level(label));
      case INDEX -> (label, argb) -> chosen.get(label);
      case COLOUR -> (label, argb) -> chosen.get(VocPalette.index(argb & 0xffffff));
    };
  }

  private static MaskPixels.Criterion grey(MaskContent content) throws ImageException {
    if (content.labels().length() <= 2) {
      return (label, argb) -> content.level(label) == 1;
    }

    if (!content.lossy() && looksLikeLabels(content)) {
      throw ambiguous(content, "they look like labels of classes, not like a mask" + HINT);
    }

    return (label, argb) -> 2 * content.level(label) > content.range();
  }

  /**
   * Whether few levels lie as those of a soft edge never do: one near black, none near white but
   * white itself, and the lowest far below where steps of equal height would begin.
   */
  private static boolean looksLikeLabels(MaskContent content) {
    BitSet levels = (BitSet) content.labels().clone();
    levels.clear(0);
    int count = levels.cardinality();
    double scale = 255.0 / content.range();
    double lowest = scale * levels.nextSetBit(0);
    double highest = scale * (levels.length() - 1);
    int below = levels.previousSetBit(content.range() - 1);
    return count >= 2
        && count <= FEW
        && highest > 127.5
        && scale * below < NEAR_WHITE
        && lowest < Math.min(FEW, 255.0 / (2 * count));
  }

  private static MaskPixels.Criterion index(MaskContent content) throws ImageException {
    int[] palette = content.palette();
    int black =
        content.labels().stream()
            .filter(label -> label > 0 && label < palette.length && label != VOID)
            .filter(label -> (palette[label] & 0xffffff) == 0)
            .findFirst()
            .orElse(-1);

    if (content.labels().get(0) && (palette[0] & 0xffffff) != 0 && black > 0) {
      throw ambiguous(
          content,
          "index 0 is not black but index %d is, so that either can be the background%s"
              .formatted(black, HINT));
    }

    return (label, argb) -> label != 0 && label != VOID;
  }

  private static MaskPixels.Criterion colour(MaskContent content) throws ImageException {
    if (VocPalette.hasAll(content.colours())) {
      Set<Integer> outside = Set.of(0, VocPalette.colour(VOID));
      return (label, argb) -> !outside.contains(argb & 0xffffff);
    }

    Set<Integer> dark = new HashSet<>(content.colours());
    dark.removeIf(colour -> colour == 0 || largest(colour) > 127);

    if (!content.lossy() && content.colours().size() <= FEW && !dark.isEmpty()) {
      throw ambiguous(
          content, "some are neither black nor bright; choose with input.mask-threshold");
    }

    return (label, argb) -> largest(argb) > 127;
  }

  private static int largest(int argb) {
    return Math.max(argb & 0xff, Math.max(argb >> 8 & 0xff, argb >> 16 & 0xff));
  }

  private static ImageException ambiguous(MaskContent content, String reason) {
    return new ImageException(
        ImageError.MASK_AMBIGUOUS,
        "Cannot use mask: it has %s; %s".formatted(content.describe(), reason));
  }
}

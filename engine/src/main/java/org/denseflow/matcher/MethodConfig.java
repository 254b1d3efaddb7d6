package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.image.EightBitResize;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.guided.GuidedParameters;
import org.denseflow.matcher.nn.KernelSoftArgmaxParameters;
import org.denseflow.matcher.proposals.RegionParameters;
import org.denseflow.training.Upsampling.Corners;

/**
 * A method with all its parameters, as a preset file gives them.
 *
 * @param method the method's name
 * @param image the working size
 * @param backbone where features come from
 * @param adaptation the share of a trained model's changes of the features that is used; all if
 *     absent
 * @param correlation how levels become one volume, where one is made
 * @param kernelSoftArgmax parameters of {@code kernel-soft-argmax}
 * @param guided parameters of {@code guided}
 * @param recurrent parameters of {@code rtn} and {@code samnet}
 * @param regions parameters of {@code nam}, {@code phm}, {@code lom} and SCNet
 * @param steps whether matches keep their intermediate results; not, if absent
 * @param decoding what the flow's grid is; {@link Decoding#CELLS} if absent
 */
public record MethodConfig(
    String method,
    WorkingSize image,
    BackboneChoice backbone,
    Optional<Double> adaptation,
    Optional<Correlation> correlation,
    Optional<KernelSoftArgmaxParameters> kernelSoftArgmax,
    Optional<GuidedParameters> guided,
    Optional<Recurrent> recurrent,
    Optional<RegionParameters> regions,
    Optional<Steps> steps,
    Optional<Decoding> decoding) {

  /**
   * How a recurrent network is applied.
   *
   * @param passes how often
   * @param strength that SAM-Net's lambda is multiplied by; 1 if absent
   * @param scale cells of SAM-Net's style features on a side of a cell, on which the size of the
   *     stylised images depends; as in training if absent
   */
  public record Recurrent(int passes, Optional<Double> strength, Optional<Integer> scale) {

    /** Checks the range. */
    public Recurrent {
      if (passes < 1 || passes > 100) {
        throw new IllegalArgumentException("Invalid passes: must be 1 to 100, found " + passes);
      }

      if (!(strength.orElse(1.0) >= 0 && strength.orElse(1.0) <= 1)) {
        throw new IllegalArgumentException(
            "Invalid strength: must be from 0 to 1, found " + strength.get());
      }

      if (scale.orElse(1) < 1 || scale.orElse(1) > 16) {
        throw new IllegalArgumentException("Invalid scale: must be 1 to 16, found " + scale.get());
      }
    }
  }

  /** What becomes of intermediate results. */
  public enum Steps {
    /** {@link Match#steps} and {@link Match#regions} have them. */
    KEEP
  }

  /** What the grid of a flow is and how the matches of cells become the flow of pixels. */
  public enum Decoding {
    /** The cells that were matched; each match is that of the cell's centre. */
    CELLS,
    /**
     * The source's pixels (SFNet's released code): the centres of the outermost cells lie on those
     * of the outermost pixels, in both images, and the matched positions are interpolated between.
     */
    PIXELS
  }

  /** Checks the range. */
  public MethodConfig {
    requireShare(adaptation);
  }

  static void requireShare(Optional<Double> adaptation) {
    if (!(adaptation.orElse(1.0) >= 0 && adaptation.orElse(1.0) <= 1)) {
      throw new IllegalArgumentException(
          "Invalid adaptation: must be from 0 to 1, found " + adaptation.get());
    }
  }

  /**
   * The size in pixels that every image is resized to before features are computed.
   *
   * @param padding pixels around the resized image; the ring of cells that they make is left out
   *     again, so that border cells see something else than zeros (SFNet's released code)
   * @param border the padding's colour; {@link Border#MEAN} if absent
   * @param ring when the ring is left out; {@link Ring#BEFORE} matching if absent
   * @param resizing how exactly images are resized; {@link Resizing#EXACT} if absent
   */
  public record WorkingSize(
      int width,
      int height,
      Optional<Integer> padding,
      Optional<Border> border,
      Optional<Ring> ring,
      Optional<Resizing> resizing) {

    /** The colour of padding. */
    public enum Border {
      /** ImageNet's mean colour, which is 0 after the backbones' normalisation. */
      MEAN,
      /** Black, which is not. */
      BLACK
    }

    /** When the cells that padding makes are left out. */
    public enum Ring {
      /** Before matching: nothing is matched to them. */
      BEFORE,
      /** After matching: they are candidates like others, and have no flow of their own. */
      AFTER
    }

    /** How images are resized. */
    public enum Resizing {
      /** As {@link Resize} does, without rounding. */
      EXACT,
      /** As {@link EightBitResize} does. */
      EIGHT_BIT
    }

    private static final float[] IMAGENET_MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] BLACK = {0, 0, 0};

    /** A size without padding. */
    public WorkingSize(int width, int height) {
      this(width, height, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Checks the range. */
    public WorkingSize {
      if (padding.orElse(0) < 0) {
        throw new IllegalArgumentException(
            "Invalid working size: padding must not be negative, found " + padding.get());
      }

      if (width < 32 || height < 32 || width > 4096 || height > 4096) {
        throw new IllegalArgumentException(
            "Invalid working size: sides must be 32 to 4096, found %dx%d".formatted(width, height));
      }
    }

    /** An image at this size, padded. */
    public FloatImage of(RgbImage image) {
      FloatImage resized =
          switch (resizing.orElse(Resizing.EXACT)) {
            case EXACT -> Resize.toFloat(image, width, height);
            case EIGHT_BIT -> EightBitResize.of(image, width, height).toFloat();
          };
      float[] color =
          switch (border.orElse(Border.MEAN)) {
            case MEAN -> IMAGENET_MEAN;
            case BLACK -> BLACK;
          };
      return resized.padded(padding.orElse(0), color);
    }

    /** The padding's share of the padded image's width, on each side. */
    double paddingShare() {
      int pixels = padding.orElse(0);
      return (double) pixels / (width + 2 * pixels);
    }

    /** Whether matching sees the cells that padding makes. */
    boolean matchesRing() {
      return padding.orElse(0) > 0 && ring.orElse(Ring.BEFORE) == Ring.AFTER;
    }

    /** All that an image at this size depends on, in words. */
    public String kind() {
      String padded =
          padding.filter(pixels -> pixels > 0).map(pixels -> " padded " + pixels).orElse("");
      String color = border.map(value -> " " + value).orElse("");
      String rounding = resizing.map(value -> " " + value).orElse("");
      return "%dx%d%s%s%s".formatted(width, height, padded, color, rounding);
    }
  }

  /** A backbone by name and its taps; no taps means the backbone's default. */
  public record BackboneChoice(String name, List<String> taps) {}

  /**
   * How one volume is made of several taps.
   *
   * @param merge of their volumes
   * @param upsampling which points of a coarser tap's grid and of the finest coincide when it is
   *     brought to that; {@link Corners#EDGES} if absent
   */
  public record Correlation(BlockCorrelation.Merge merge, Optional<Corners> upsampling) {}
}

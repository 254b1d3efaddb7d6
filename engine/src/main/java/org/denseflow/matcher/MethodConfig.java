package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.matcher.guided.GuidedParameters;
import org.denseflow.matcher.nn.KernelSoftArgmaxParameters;
import org.denseflow.matcher.proposals.RegionParameters;

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
    Optional<Steps> steps) {

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
   * @param padding pixels of the mean colour around the resized image; the cells that they make are
   *     left out again, so that border cells see something else than zeros (SFNet's released code)
   */
  public record WorkingSize(int width, int height, Optional<Integer> padding) {

    /** A size without padding. */
    public WorkingSize(int width, int height) {
      this(width, height, Optional.empty());
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
  }

  /** A backbone by name and its taps; no taps means the backbone's default. */
  public record BackboneChoice(String name, List<String> taps) {}

  /** How the volumes of several taps are merged. */
  public record Correlation(BlockCorrelation.Merge merge) {}

  /** The same method on another backbone, with that backbone's default tap. */
  public MethodConfig withBackbone(String name) {
    return new MethodConfig(
        method,
        image,
        new BackboneChoice(name, List.of()),
        adaptation,
        correlation,
        kernelSoftArgmax,
        guided,
        recurrent,
        regions,
        steps);
  }
}

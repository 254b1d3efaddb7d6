package org.denseflow.method;

import java.util.List;
import java.util.Optional;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.WorkingSize;
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
 * @param decoding what the flow's grid is; {@link Decoding#CELLS} if absent
 */
public record MethodConfig(
    String method,
    WorkingSize image,
    BackboneChoice backbone,
    Optional<Double> adaptation,
    Optional<VolumeParameters> correlation,
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

  /** A backbone by name and its taps; no taps means the backbone's default. */
  public record BackboneChoice(String name, List<String> taps) {}
}

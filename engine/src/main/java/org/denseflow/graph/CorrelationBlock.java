package org.denseflow.graph;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * All-pairs correlation of two feature maps, SFNet, Eq. 1, with several levels multiplied, Section
 * 4.1, and the volume normalised over the candidates, Eq. 3. Features come as {@code [batch, h·w,
 * channels]}, normalised by the caller ({@link L2Normalisation}).
 */
public final class CorrelationBlock {
  /** SFNet's code adds it under the root of each L2 norm. */
  public static final double EPSILON = 1e-6;

  /** What happens to negative correlations. */
  public enum Rectification {
    /** They are kept. */
    NONE,
    /** They become 0, as in SFNet's code. */
    RELU
  }

  private CorrelationBlock() {}

  /**
   * Dot products of all source cells with all target cells.
   *
   * @param source {@code [batch, h·w, channels]}
   * @param target {@code [batch, h'·w', channels]}
   * @return {@code [batch, h·w, h'·w']}
   */
  public static SDVariable correlate(
      SDVariable source, SDVariable target, Rectification rectification) {
    SDVariable volume = source.getSameDiff().mmul(source, target, false, true, false);
    return rectification == Rectification.RELU ? source.getSameDiff().nn().relu(volume, 0) : volume;
  }

  /**
   * The product of the volumes of several levels.
   *
   * @param levels each {@code [batch, h·w, h'·w']}
   */
  public static SDVariable product(List<SDVariable> levels) {
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("Invalid levels: at least one volume is needed, found 0");
    }

    return levels.stream().reduce(SDVariable::mul).orElseThrow();
  }

  /**
   * Gives the candidates of each source cell the length 1, {@code n_p} in SFNet, Eq. 3.
   *
   * @param volume {@code [batch, h·w, h'·w']}
   * @param candidates h'·w'
   */
  public static SDVariable normalise(SDVariable volume, int candidates) {
    return L2Normalisation.apply(volume, candidates, EPSILON);
  }

  /**
   * The volume seen from the target. Reverse before normalising: each direction has its own norms.
   *
   * @param volume {@code [batch, h·w, h'·w']}
   * @return {@code [batch, h'·w', h·w]}
   */
  public static SDVariable reverse(SDVariable volume) {
    return volume.permute(0, 2, 1);
  }
}

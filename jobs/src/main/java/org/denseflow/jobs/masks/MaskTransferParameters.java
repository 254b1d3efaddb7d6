package org.denseflow.jobs.masks;

import java.util.Optional;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Reading;
import org.denseflow.transfer.MaskParameters;

/**
 * The settings of {@code conf/job.conf} and {@code conf/transfer/mask.conf}.
 *
 * @param features how features are kept; in single precision, if absent
 */
public record MaskTransferParameters(
    Tiles plan,
    LimitSettings limits,
    InputSettings input,
    MaskParameters mask,
    Exemplars exemplars,
    Boxes boxes,
    Optional<FeatureSettings> features) {

  /** How images and masks are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /**
   * How targets are cut.
   *
   * @param tileImages a tile has at most this many targets of one class
   * @param chunkPairs a chunk takes whole tiles up to about this many pairs
   */
  public record Tiles(int tileImages, int chunkPairs) {

    /** Refuses what is not positive. */
    public Tiles {
      if (tileImages < 1 || chunkPairs < 1) {
        throw new IllegalArgumentException(
            "tile-images and chunk-pairs must be positive, found %d and %d"
                .formatted(tileImages, chunkPairs));
      }
    }
  }

  /**
   * What a task holds of exemplars.
   *
   * @param held exemplars that are kept in memory; others are described again when they are needed
   */
  public record Exemplars(int held) {

    /** Refuses what is not positive. */
    public Exemplars {
      if (held < 1) {
        throw new IllegalArgumentException("held must be positive, found " + held);
      }
    }
  }

  /**
   * How boxes are used, where they are.
   *
   * @param margin what is added on each side, in shares of the box
   */
  public record Boxes(double margin) {

    /** Refuses what is negative. */
    public Boxes {
      if (!(margin >= 0)) {
        throw new IllegalArgumentException("margin must not be negative, found " + margin);
      }
    }
  }
}

package org.denseflow.style;

/**
 * Parameters of the training of a decoder.
 *
 * @param droplink probability that a level's features are those of the encoder, SAM-Net, Eq. 10
 * @param pixelWeight of the squared distance of the pixels
 * @param contentWeight of the distance of the encoder's features, relative to their length
 */
public record CodecParameters(double droplink, double pixelWeight, double contentWeight) {

  /** Checks the ranges. */
  public CodecParameters {
    if (!(droplink >= 0 && droplink <= 1)) {
      throw new IllegalArgumentException(
          "Invalid droplink: must be from 0 to 1, found " + droplink);
    }

    if (!(pixelWeight >= 0 && contentWeight >= 0 && pixelWeight + contentWeight > 0)) {
      throw new IllegalArgumentException(
          "Invalid codec: weights must not be negative, and one of them positive");
    }
  }
}

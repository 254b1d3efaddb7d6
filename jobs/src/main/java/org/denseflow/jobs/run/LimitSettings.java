package org.denseflow.jobs.run;

import java.io.Serializable;
import org.denseflow.image.ImageLimits;

/**
 * Settings of the limits that images must keep.
 *
 * @param imageBytes largest encoded size
 * @param imagePixels largest width times height
 * @param imageSide longest side in pixels
 */
public record LimitSettings(long imageBytes, long imagePixels, int imageSide)
    implements Serializable {

  /** As the decoder takes them. */
  public ImageLimits decoder() {
    return new ImageLimits(imageBytes, imagePixels, imageSide);
  }
}

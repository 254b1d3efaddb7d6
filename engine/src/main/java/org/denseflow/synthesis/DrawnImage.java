package org.denseflow.synthesis;

import java.util.List;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/**
 * A drawn image with exact annotations.
 *
 * @param image the picture
 * @param mask the object
 * @param parts the object's keypoints, 0-based pixels, in the order of its category's part names
 */
public record DrawnImage(RgbImage image, Mask mask, List<Part> parts) {

  /** A keypoint: name and position in pixels; {@code x} counts columns, {@code y} rows. */
  public record Part(String name, double x, double y) {}

  /** Whether a part lies within the image. */
  public boolean shows(Part part) {
    return part.x() >= -0.5
        && part.y() >= -0.5
        && part.x() < image.width() - 0.5
        && part.y() < image.height() - 0.5;
  }
}

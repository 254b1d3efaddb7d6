package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How many keypoints of pairs were counted, and how many were left out.
 *
 * @param counted points that both images have
 * @param absent points left out because an image does not have them: padding, not visible
 * @param outside points left out because they lie outside an image
 * @param resized pairs with an image of another size than the one that was annotated
 */
public record KeypointTally(long counted, long absent, long outside, long resized)
    implements Serializable {

  /** Of no pairs. */
  public static final KeypointTally NONE = new KeypointTally(0, 0, 0, 0);

  /** Of the pairs of both. */
  public KeypointTally plus(KeypointTally other) {
    return new KeypointTally(
        counted + other.counted,
        absent + other.absent,
        outside + other.outside,
        resized + other.resized);
  }

  /** In words, empty where nothing was left out and nothing was resized. */
  public String describe() {
    List<String> parts = new ArrayList<>();

    if (absent + outside > 0) {
      parts.add(
          "%d of %d keypoints counted; left out: %d absent in an image, %d outside an image"
              .formatted(counted, counted + absent + outside, absent, outside));
    }

    if (resized > 0) {
      parts.add(
          "pairs whose images have another size than was annotated: %d, measured in the annotation's pixels"
              .formatted(resized));
    }
    return String.join("; ", parts);
  }
}

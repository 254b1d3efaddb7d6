package org.denseflow.matcher;

import java.util.List;
import org.denseflow.image.RgbImage;

/**
 * A method of dense semantic correspondence. What depends on one image alone is done once in {@link
 * #describe}; {@link #match} does the rest for one source against a block of targets. A matcher is
 * used by one thread at a time and frees its backbone on {@link #close}.
 */
public interface DenseMatcher extends AutoCloseable {

  /** The digest of all weights, "none" for a method and a backbone without. */
  String weightDigest();

  /** Computes the features of a batch of images; their order is kept. */
  List<ImageFeatures> describe(List<RgbImage> images);

  /** Matches the source against each target; the result's order is that of the targets. */
  List<Match> match(ImageFeatures source, List<ImageFeatures> targets);

  /** Computes the features of one image. */
  default ImageFeatures describe(RgbImage image) {
    return describe(List.of(image)).get(0);
  }

  /** Matches one pair. */
  default Match match(ImageFeatures source, ImageFeatures target) {
    return match(source, List.of(target)).get(0);
  }

  @Override
  void close();
}

package org.denseflow.matcher;

import java.util.List;
import org.denseflow.image.RgbImage;

/**
 * A method of dense semantic correspondence. What depends on one image alone is done once in {@link
 * #describe}; {@link #match} does the rest for one source against a block of targets. A matcher is
 * used by one thread at a time and frees its backbone on {@link #close}.
 *
 * @param <F> what it computes of an image and matches
 */
public interface DenseMatcher<F extends ImageFeatures> extends AutoCloseable {

  /** The class of what it computes of an image. */
  Class<F> features();

  /** The digest of all weights, "none" for a method and a backbone without. */
  String weightDigest();

  /** Computes the features of images; their order is kept, and each is as if it were alone. */
  List<F> describe(List<RgbImage> images);

  /** Images that are best described at a time: 1 where more are not faster. */
  default int batchSize() {
    return 1;
  }

  /** Matches the source against each target; the result's order is that of the targets. */
  List<Match> match(F source, List<F> targets);

  /** Computes the features of one image. */
  default F describe(RgbImage image) {
    return describe(List.of(image)).get(0);
  }

  /** Matches one pair. */
  default Match match(F source, F target) {
    return match(source, List.of(target)).get(0);
  }

  @Override
  void close();
}

package org.denseflow.jobs.dataset;

import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.KeypointPair.Annotated;
import org.denseflow.metrics.Keypoints;

/**
 * A pair's keypoints, ready to be measured: points that an image lacks, or that lie outside it, are
 * absent in both. They are in the pixels of the annotation, and so are the sizes: a flow is in
 * fractions of the image sides, so that shrunk images of the same shape score as the originals do.
 *
 * @param pair the points, sizes and boxes
 * @param tally how many points there are and were left out
 */
public record PairKeypoints(KeypointPair pair, KeypointTally tally) {

  /** Empty where either image has no keypoints. */
  static Optional<PairKeypoints> of(ImagePair pair, Size source, Size target) {
    ImageAnnotation from = pair.annotation().source();
    ImageAnnotation to = pair.annotation().target();

    if (from.keypoints().isEmpty() || to.keypoints().isEmpty()) {
      return Optional.empty();
    }
    requireEqualLength(pair);
    AnnotationFit.require(pair.source(), from, source);
    AnnotationFit.require(pair.target(), to, target);
    Size fromSize = from.size().orElse(source);
    Size toSize = to.size().orElse(target);
    boolean resized = !fromSize.equals(source) || !toSize.equals(target);
    return Optional.of(of(from, fromSize, to, toSize, resized));
  }

  private static void requireEqualLength(ImagePair pair) {
    int from = pair.annotation().source().keypointsOrNull().size();
    int to = pair.annotation().target().keypointsOrNull().size();

    if (from != to) {
      throw new DatasetException(
          "Cannot use the keypoints of pair %s: the source has %d, the target %d"
              .formatted(pair.pairId(), from, to));
    }
  }

  private static PairKeypoints of(
      ImageAnnotation from, Size fromSize, ImageAnnotation to, Size toSize, boolean resized) {
    Keypoints a = from.keypointsOrNull();
    Keypoints b = to.keypointsOrNull();
    long absent = 0;
    long outside = 0;
    boolean[] kept = new boolean[a.size()];

    for (int k = 0; k < kept.length; k++) {
      boolean present = a.present(k) && b.present(k);
      kept[k] = inside(a, k, fromSize) && inside(b, k, toSize);
      absent += present ? 0 : 1;
      outside += present && !kept[k] ? 1 : 0;
    }
    KeypointPair pair =
        new KeypointPair(annotated(from, fromSize, kept), annotated(to, toSize, kept));
    return new PairKeypoints(
        pair, new KeypointTally(pair.validPoints(), absent, outside, resized ? 1 : 0));
  }

  private static boolean inside(Keypoints points, int k, Size size) {
    return points.inside(k, size.width(), size.height());
  }

  private static Annotated annotated(ImageAnnotation image, Size size, boolean[] kept) {
    return new Annotated(
        size.width(), size.height(), image.keypointsOrNull().keeping(k -> kept[k]), image.box());
  }
}

package org.denseflow.jobs.training;

import java.util.Optional;
import org.denseflow.image.Mask;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.KeypointPair.Annotated;
import org.denseflow.metrics.Keypoints;

/** Mirrors masks and keypoints: left and right are exchanged. */
final class HorizontalMirror {

  private HorizontalMirror() {}

  static Mask of(Mask mask) {
    boolean[] inside = new boolean[mask.inside().length];

    for (int i = 0; i < inside.length; i++) {
      inside[mirrored(i, mask.width())] = mask.inside()[i];
    }
    return new Mask(mask.width(), mask.height(), inside);
  }

  /** Of 1-based coordinates, as PF-PASCAL has them: the first pixel's becomes the last one's. */
  static KeypointPair of(KeypointPair pair) {
    return new KeypointPair(of(pair.source()), of(pair.target()));
  }

  private static Annotated of(Annotated image) {
    double last = image.width() + 1.0;
    Keypoints points = image.points();
    double[] x = points.x().clone();

    for (int k = 0; k < x.length; k++) {
      x[k] = last - x[k];
    }
    Optional<Box> box = image.box().map(b -> new Box(last - b.x2(), b.y1(), last - b.x1(), b.y2()));
    return new Annotated(image.width(), image.height(), new Keypoints(x, points.y()), box);
  }

  /** Where a pixel goes, as an index into rows. */
  private static int mirrored(int index, int width) {
    int column = index % width;
    return index - column + width - 1 - column;
  }
}

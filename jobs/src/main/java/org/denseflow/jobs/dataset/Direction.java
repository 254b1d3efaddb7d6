package org.denseflow.jobs.dataset;

import org.denseflow.jobs.dataset.PairAnnotation.Mirror;

/**
 * What a flow depends on besides the method: pairs of one direction have the same flow.
 *
 * @param source URI of the image whose grid the flow lies on
 * @param target URI of the image that the flow points into
 * @param mirror whether images are to be mirrored first
 */
public record Direction(String source, String target, Mirror mirror) {

  /** A pair's. */
  public static Direction of(ImagePair pair) {
    return new Direction(pair.source(), pair.target(), pair.annotation().mirror());
  }

  /** The other way round. */
  public Direction swapped() {
    return new Direction(target, source, mirror);
  }
}

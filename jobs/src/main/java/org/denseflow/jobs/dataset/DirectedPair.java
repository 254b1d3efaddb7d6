package org.denseflow.jobs.dataset;

import org.denseflow.jobs.dataset.PairAnnotation.Mirror;

/**
 * An ordered pair of images, all that a flow depends on besides the method: pairs that are equal in
 * it have the same flow.
 *
 * @param source URI of the image whose grid the flow lies on
 * @param target URI of the image that the flow points into
 * @param mirror whether images are to be mirrored first
 */
public record DirectedPair(String source, String target, Mirror mirror) {

  /** A pair's. */
  public static DirectedPair of(ImagePair pair) {
    return new DirectedPair(pair.source(), pair.target(), pair.annotation().mirror());
  }

  /** The other way round. */
  public DirectedPair swapped() {
    return new DirectedPair(target, source, mirror);
  }
}

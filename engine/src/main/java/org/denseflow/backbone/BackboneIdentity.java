package org.denseflow.backbone;

import java.util.List;

/**
 * The identity of a backbone's features: all that they depend on. A trained model states it, and is
 * refused for features of another identity.
 *
 * @param name of the backbone
 * @param taps in the order in which they are returned
 * @param weights digest of all weights that the features go through
 */
public record BackboneIdentity(String name, List<String> taps, String weights) {

  /** The same backbone with further weights behind it. */
  public BackboneIdentity followedBy(String digest) {
    return new BackboneIdentity(name, taps, digest);
  }
}

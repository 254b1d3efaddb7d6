package org.denseflow.backbone;

import java.util.List;
import org.denseflow.image.FloatImage;

/**
 * Turns images into feature maps. An implementation owns its weights and its preprocessing: callers
 * hand over plain RGB in 0..255. Instances are safe for use by one thread at a time.
 */
public interface Backbone extends AutoCloseable {

  /** All that a caller must know of it. */
  BackboneInfo info();

  /** The digest of the weights ("sha256:..."), or {@link #NO_WEIGHTS}. */
  String weightDigest();

  /** The digest of a backbone without weights. */
  String NO_WEIGHTS = "none";

  /** The names of the taps in the order in which {@link #extract} returns them. */
  List<String> taps();

  /**
   * Computes the taps of a batch of images of one size. An image's features do not depend on what
   * else is in its batch: they are the same bits. {@link BackboneInfo#batchSize} images at a time
   * are fastest.
   *
   * @return for each image, one feature map per tap, in the order of {@link #taps}
   * @throws IllegalArgumentException if the images differ in size or are too small for a tap
   */
  List<List<FeatureMap>> extract(List<FloatImage> images);

  /** What the features depend on. */
  default BackboneIdentity identity() {
    return new BackboneIdentity(name(), taps(), weightDigest());
  }

  /** The name by which presets ask for it, for example {@code resnet50_v2}. */
  default String name() {
    return info().name();
  }

  @Override
  void close();
}

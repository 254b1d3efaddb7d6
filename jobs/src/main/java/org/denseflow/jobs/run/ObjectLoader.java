package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.RgbImage;

/** Reads an image together with the mask of the object in it. */
public final class ObjectLoader {
  private final ImageLoader loader;

  /** Reads under these limits. */
  public ObjectLoader(Configuration configuration, Limits limits) {
    this.loader = new ImageLoader(configuration, limits);
  }

  /** An image and its mask (null without one), or why they cannot be used. */
  public record Loaded(RgbImage image, Mask mask, ImageFailure failure) {}

  /**
   * Reads both.
   *
   * @param mask null without
   * @throws UncheckedIOException if the storage fails, so that Spark tries the task again
   */
  public Loaded load(String uri, String mask) {
    try {
      return read(uri, mask);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + uri, e);
    }
  }

  private Loaded read(String uri, String mask) throws IOException {
    ImageLoader.Loaded image = loader.load(uri);

    if (image.failure() != null || mask == null) {
      return new Loaded(image.image(), null, image.failure());
    }

    ImageLoader.Loaded drawn = loader.load(mask);

    if (drawn.failure() != null) {
      String code = drawn.failure().code().replaceFirst("^image", "mask");
      return new Loaded(null, null, new ImageFailure(code, drawn.failure().detail()));
    }

    boolean fits =
        drawn.image().width() == image.image().width()
            && drawn.image().height() == image.image().height();
    return fits
        ? new Loaded(image.image(), MaskDecoder.of(drawn.image()), null)
        : new Loaded(
            null,
            null,
            new ImageFailure(
                "mask.size",
                "%s is %dx%d, its image %dx%d"
                    .formatted(
                        mask,
                        drawn.image().width(),
                        drawn.image().height(),
                        image.image().width(),
                        image.image().height())));
  }
}

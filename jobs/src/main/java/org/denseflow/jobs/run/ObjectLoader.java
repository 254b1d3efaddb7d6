package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/** Reads an image together with the mask of the object in it. */
public final class ObjectLoader {
  private final ImageLoader loader;

  /** Reads as said. */
  public ObjectLoader(Configuration configuration, Reading reading) {
    this(configuration, reading, null);
  }

  /**
   * Reads as said, and looks for features that images have already.
   *
   * @param storeOrNull where they are looked for; not at all if null
   */
  public ObjectLoader(Configuration configuration, Reading reading, FeatureStore storeOrNull) {
    this.loader = new ImageLoader(configuration, reading, storeOrNull, true);
  }

  /**
   * An image and its mask (null without one), or why they cannot be used.
   *
   * @param orientation the image file's EXIF tag, 1 where there is none, 0 with a failure
   * @param stored what was found in a store; null without one, or with a failure
   */
  public record Loaded(
      RgbImage image, Mask mask, int orientation, ImageFailure failure, FeatureStore.Found stored) {

    /** Whether the image has features already. */
    public boolean isDescribed() {
      return stored != null && stored.has();
    }

    /** Why they cannot be used. */
    public static Loaded failed(ImageFailure failure) {
      return new Loaded(null, null, 0, failure, null);
    }
  }

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
      return new Loaded(image.image(), null, image.orientation(), image.failure(), image.stored());
    }

    ImageLoader.LoadedMask drawn = loader.loadMask(mask);

    if (drawn.failure() != null) {
      String code = drawn.failure().code().replaceFirst("^image", "mask");
      return Loaded.failed(new ImageFailure(code, drawn.failure().detail()));
    }

    int width = image.image().width();
    int height = image.image().height();
    return drawn.mask().width() == width && drawn.mask().height() == height
        ? new Loaded(image.image(), drawn.mask(), image.orientation(), null, image.stored())
        : Loaded.failed(
            new ImageFailure(
                "mask.size",
                "%s is %dx%d, its image %dx%d"
                    .formatted(mask, drawn.mask().width(), drawn.mask().height(), width, height)));
  }
}

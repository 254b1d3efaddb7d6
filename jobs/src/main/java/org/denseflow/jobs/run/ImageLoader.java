package org.denseflow.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.denseflow.image.DecodedImage;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/**
 * Reads images by URI. What is wrong with one file is that image's failure; what is wrong with the
 * storage (time-outs, resets, 5xx) is thrown, so that Spark tries the task again.
 */
public final class ImageLoader {
  private final Configuration configuration;
  private final Reading reading;
  private final FeatureStore storeOrNull;
  private final boolean pixels;

  /** Reads as said. */
  public ImageLoader(Configuration configuration, Reading reading) {
    this(configuration, reading, null, true);
  }

  /**
   * Reads as said, and looks for features that images have already.
   *
   * @param storeOrNull where they are looked for; not at all if null
   * @param pixels whether images are decoded that have features
   */
  public ImageLoader(
      Configuration configuration, Reading reading, FeatureStore storeOrNull, boolean pixels) {
    this.configuration = configuration;
    this.reading = reading;
    this.storeOrNull = storeOrNull;
    this.pixels = pixels;
  }

  /**
   * Either an image or a failure.
   *
   * @param image null too where its features are enough
   * @param orientation the file's EXIF tag, 1 where there is none, 0 with a failure
   * @param stored what was found in a store; null without one, or with a failure
   */
  public record Loaded(
      RgbImage image, int orientation, ImageFailure failure, FeatureStore.Found stored) {

    /** Whether it has features already. */
    public boolean isDescribed() {
      return stored != null && stored.has();
    }
  }

  /** Either a mask or a failure. */
  record LoadedMask(Mask mask, ImageFailure failure) {}

  /** Makes something of a file's bytes. */
  @FunctionalInterface
  private interface Decoder<T> {
    T decode(byte[] bytes) throws ImageException;
  }

  /**
   * Reads and decodes an image.
   *
   * @throws IOException if the storage fails
   */
  public Loaded load(String uri) throws IOException {
    return load(
        uri,
        bytes -> {
          FeatureStore.Found stored =
              storeOrNull == null ? null : storeOrNull.find(uri, bytes, configuration);

          if (!pixels && stored != null && stored.has()) {
            return new Loaded(null, stored.orientation(), null, stored);
          }

          DecodedImage decoded =
              ImageDecoder.decode(bytes, reading.limits().decoder(), reading.orientation());
          return new Loaded(decoded.image(), decoded.exifOrientation(), null, stored);
        },
        failure -> new Loaded(null, 0, failure, null));
  }

  /**
   * Reads and decodes a mask.
   *
   * @throws IOException if the storage fails
   */
  LoadedMask loadMask(String uri) throws IOException {
    return load(
        uri,
        bytes ->
            new LoadedMask(
                MaskDecoder.decode(
                    bytes, reading.limits().decoder(), reading.orientation(), reading.masks()),
                null),
        failure -> new LoadedMask(null, failure));
  }

  private <T> T load(String uri, Decoder<T> decoder, Function<ImageFailure, T> failed)
      throws IOException {
    try {
      return decoder.decode(read(uri));
    } catch (FileNotFoundException e) {
      return failed.apply(
          new ImageFailure("image.missing", "Cannot read " + uri + ": no such file"));
    } catch (AccessDeniedException | AccessControlException e) {
      return failed.apply(
          new ImageFailure("image.unreadable", "Cannot read " + uri + ": permission denied"));
    } catch (ImageException e) {
      return failed.apply(new ImageFailure(e.code(), uri + ": " + e.getMessage()));
    } catch (DatasetException | UnsupportedFileSystemException e) {
      return failed.apply(
          new ImageFailure("image.invalid-uri", "Cannot read " + uri + ": " + e.getMessage()));
    } catch (DirectoryException | TooLargeException e) {
      String code = e instanceof DirectoryException ? "image.directory" : "image.too-many-bytes";
      return failed.apply(new ImageFailure(code, e.getMessage()));
    }
  }

  private byte[] read(String uri) throws IOException, DirectoryException, TooLargeException {
    Path path = HadoopFileStore.path(uri);
    FileSystem files = HadoopFileStore.fileSystem(path, configuration);
    FileStatus status = files.getFileStatus(path);

    if (status.isDirectory()) {
      throw new DirectoryException("Cannot read " + uri + ": it is a folder");
    }

    if (status.getLen() > Math.min(reading.limits().imageBytes(), Integer.MAX_VALUE - 8)) {
      throw new TooLargeException(
          "Cannot read %s: %d bytes, the limit is %d"
              .formatted(uri, status.getLen(), reading.limits().imageBytes()));
    }

    try {
      return HadoopFileStore.read(files, path, status);
    } catch (FileNotFoundException e) {
      if (String.valueOf(e.getMessage()).contains("Permission denied")) {
        throw new AccessDeniedException(uri);
      }

      throw e;
    }
  }

  private static final class DirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    DirectoryException(String message) {
      super(message);
    }
  }

  private static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }
}

package org.denseflow.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/**
 * Reads images by URI. What is wrong with one file is that image's failure; what is wrong with the
 * storage (time-outs, resets, 5xx) is thrown, so that Spark tries the task again.
 */
public final class ImageLoader {
  private final Configuration configuration;
  private final Limits limits;

  /** Reads under these limits. */
  public ImageLoader(Configuration configuration, Limits limits) {
    this.configuration = configuration;
    this.limits = limits;
  }

  /** Either an image or a failure. */
  public record Loaded(RgbImage image, ImageFailure failure) {}

  /**
   * Reads and decodes an image.
   *
   * @throws IOException if the storage fails
   */
  public Loaded load(String uri) throws IOException {
    try {
      return new Loaded(ImageDecoder.decode(read(uri), limits.decoder()).image(), null);
    } catch (FileNotFoundException e) {
      return failed("image.missing", "Cannot read " + uri + ": no such file");
    } catch (AccessDeniedException | AccessControlException e) {
      return failed("image.unreadable", "Cannot read " + uri + ": permission denied");
    } catch (ImageException e) {
      return failed(e.code(), uri + ": " + e.getMessage());
    } catch (DatasetException | UnsupportedFileSystemException e) {
      return failed("image.invalid-uri", "Cannot read " + uri + ": " + e.getMessage());
    } catch (DirectoryException | TooLargeException e) {
      return failed(
          e instanceof DirectoryException ? "image.directory" : "image.too-many-bytes",
          e.getMessage());
    }
  }

  private byte[] read(String uri) throws IOException, DirectoryException, TooLargeException {
    Path path = HadoopFileStore.path(uri);
    FileSystem files = HadoopFileStore.fileSystem(path, configuration);
    FileStatus status = files.getFileStatus(path);

    if (status.isDirectory()) {
      throw new DirectoryException("Cannot read " + uri + ": it is a folder");
    }

    if (status.getLen() > Math.min(limits.imageBytes(), Integer.MAX_VALUE - 8)) {
      throw new TooLargeException(
          "Cannot read %s: %d bytes, the limit is %d"
              .formatted(uri, status.getLen(), limits.imageBytes()));
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

  private static Loaded failed(String code, String detail) {
    return new Loaded(null, new ImageFailure(code, detail));
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

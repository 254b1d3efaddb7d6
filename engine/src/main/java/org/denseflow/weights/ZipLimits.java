package org.denseflow.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Opens zip files of weights, which unpack to little more than they are. */
public final class ZipLimits {
  private static final long MAX_EXPANSION = 20;
  private static final long ALWAYS = 64L << 20;

  private ZipLimits() {}

  /**
   * Opens a zip.
   *
   * @throws WeightException if its entries announce more than 20 times its size and 64 MB
   */
  public static ZipFile open(Path path) throws IOException {
    ZipFile zip = new ZipFile(path.toFile());
    long announced = zip.stream().mapToLong(entry -> Math.max(0, entry.getSize())).sum();

    if (announced > MAX_EXPANSION * Files.size(path) + ALWAYS) {
      zip.close();
      throw WeightException.malformed(
          "the zip would unpack to %d bytes: weights do not compress like that"
              .formatted(announced));
    }

    return zip;
  }
}

package org.denseflow.jobs.synthesis;

import java.io.Serializable;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Reading;

/**
 * The settings of {@code conf/synthetic-pairs.conf}.
 *
 * @param encoding how views are stored
 * @param output how the table is cut
 * @param limits what an image may be
 * @param input how its pixels are understood
 */
public record PairJobParameters(
    Encoding encoding, Output output, LimitSettings limits, InputSettings input) {

  /** How images and masks are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /** How views are stored. */
  public enum Format {
    /** Baseline JPEG, 4:2:0. */
    JPEG,
    /** Lossless. */
    PNG
  }

  /**
   * How views are stored.
   *
   * @param format file format
   * @param quality of JPEG, 0..1
   */
  public record Encoding(Format format, double quality) implements Serializable {
    /** Checks the quality. */
    public Encoding {
      if (!(quality > 0 && quality <= 1)) {
        throw new IllegalArgumentException("quality must be in (0, 1], found " + quality);
      }
    }

    byte[] encode(RgbImage image) {
      return format == Format.PNG
          ? ImageEncoder.png(image)
          : ImageEncoder.jpeg(image, (float) quality);
    }
  }

  /**
   * How the table is cut.
   *
   * @param fileBytes target size of a file
   * @param chunkFiles files in a chunk
   * @param files number of files, 0 to have it follow from the target size
   */
  public record Output(long fileBytes, int chunkFiles, int files) {
    /** Checks the numbers. */
    public Output {
      if (fileBytes < 1 || chunkFiles < 1 || files < 0) {
        throw new IllegalArgumentException(
            "file-bytes and chunk-files must be positive, files not negative");
      }
    }
  }
}

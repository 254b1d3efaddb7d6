package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;
import org.denseflow.jobs.Counted;

/**
 * How the {@code features} table is cut into files, by a hash of the image's URI; written once, so
 * that a resumed run cuts it the same way and readers know an image's file.
 *
 * @param images rows
 * @param imageBytes of an image's features
 * @param files files, of which those without an image are missing
 * @param chunkFiles files in a chunk
 */
public record FeaturePlan(long images, long imageBytes, int files, int chunkFiles)
    implements Serializable {
  /** The file that it is written to. */
  public static final String FILE = "plan.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Images that a file has at least, where there are fewer files than tasks can run. */
  private static final int FEWEST = 16;

  /**
   * Cuts a table.
   *
   * @param fileBytes target size of a file
   * @param chunkBytes target size of a chunk
   * @param tasks that there should be, so that all cores are busy
   */
  public static FeaturePlan of(
      long images, long imageBytes, long fileBytes, long chunkBytes, int tasks) {
    long wanted = Math.round((double) images * imageBytes / fileBytes);
    long files = Math.max(1, Math.max(wanted, Math.min(images / FEWEST, tasks)));
    long each = Math.max(1, images * imageBytes / files);
    long chunk = Math.max(1, Math.min(files, chunkBytes / each));
    return new FeaturePlan(images, imageBytes, (int) Math.min(files, 1 << 20), (int) chunk);
  }

  /** The file of an image. */
  public int file(String image) {
    return Math.floorMod(
        MurmurHash3.hash32x86(image.getBytes(StandardCharsets.UTF_8)), Math.max(1, files));
  }

  /** Chunks of the table. */
  public int chunks() {
    return (files + chunkFiles - 1) / chunkFiles;
  }

  /** For people. */
  public String describe() {
    return "plan: %s of about %.1f MB in %s, about %.1f KB for an image"
        .formatted(
            Counted.of(files, "files"),
            imageBytes * images / 1e6 / files,
            Counted.of(chunks(), "chunks"),
            imageBytes / 1e3);
  }

  /** As JSON text. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parses JSON text. */
  public static FeaturePlan parse(String json) {
    try {
      return JSON.readValue(json, FeaturePlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read " + FILE + ": " + e.getOriginalMessage(), e);
    }
  }
}

package org.denseflow.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;

/**
 * {@code run.json}: what a run was and what it left. Written once, when every chunk is committed.
 *
 * @param format version of this file
 * @param job the job's name
 * @param fingerprint digest of everything that determines the rows
 * @param method the method's name
 * @param backbone the backbone's name
 * @param weightDigest digest of the backbone's weights, "none" without
 * @param dataset the dataset's address
 * @param config the resolved configuration, canonical JSON
 * @param pairs rows in {@code flows}
 * @param failed rows with status failed
 * @param fallbacks pairs for which the method fell back
 * @param images distinct images
 * @param described images described by the plan
 * @param chunks committed chunks
 * @param tables tables written
 * @param versions versions of what computed it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({"format", "job", "fingerprint"})
public record RunManifest(
    int format,
    String job,
    String fingerprint,
    String method,
    String backbone,
    String weightDigest,
    String dataset,
    String config,
    long pairs,
    long failed,
    long fallbacks,
    long images,
    long described,
    int chunks,
    List<String> tables,
    List<String> versions) {

  /** The current version. */
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** As JSON text. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write run.json", e);
    }
  }

  /**
   * Parses JSON text.
   *
   * @throws ConfigException if it is not a manifest of this version
   */
  public static RunManifest parse(String json) {
    try {
      RunManifest manifest = JSON.readValue(json, RunManifest.class);

      if (manifest == null || manifest.format() != FORMAT) {
        throw new ConfigException(
            List.of("run.json has another format than %d; use a newer version".formatted(FORMAT)));
      }

      return manifest;
    } catch (JsonProcessingException e) {
      throw new ConfigException(List.of("run.json cannot be read: " + e.getOriginalMessage()));
    }
  }
}

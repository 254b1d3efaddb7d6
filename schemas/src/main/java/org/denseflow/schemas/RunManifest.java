package org.denseflow.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code run.json}: what a run was and what it left. Written once, when every chunk is committed.
 *
 * @param format version of this file
 * @param job the job's name
 * @param fingerprint digest of everything that determines the rows
 * @param inputs what went in, by name: {@code dataset}, {@code method}, {@code backbone}, {@code
 *     weight-digest}, {@code seed}, ...
 * @param config the resolved configuration, canonical JSON
 * @param counts what came out, by name: {@code pairs}, {@code failed}, {@code images}, ...
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
    Map<String, String> inputs,
    String config,
    Map<String, Long> counts,
    int chunks,
    List<String> tables,
    List<String> versions) {

  /** The current version. */
  public static final int FORMAT = 2;

  /** Checks that no input, count, table or version is missing. */
  public RunManifest {
    inputs = Collections.unmodifiableMap(checked(inputs));
    counts = Collections.unmodifiableMap(checked(counts));
    tables = List.copyOf(tables);
    versions = List.copyOf(versions);
  }

  private static <V> Map<String, V> checked(Map<String, V> values) {
    values.values().forEach(Objects::requireNonNull);
    return values;
  }

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  /** An input, or "none". */
  public String input(String name) {
    return inputs.getOrDefault(name, "none");
  }

  /** A count, or 0. */
  public long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

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
   * @throws IllegalArgumentException if it is not a manifest of this version
   */
  public static RunManifest parse(String json) {
    try {
      RunManifest manifest = JSON.readValue(json, RunManifest.class);

      if (manifest == null || manifest.format() != FORMAT) {
        throw new IllegalArgumentException(
            "run.json has another format than %d; use a newer version".formatted(FORMAT));
      }

      return manifest;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("run.json cannot be read: " + e.getOriginalMessage());
    }
  }
}

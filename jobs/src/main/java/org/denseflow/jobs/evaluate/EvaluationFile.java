package org.denseflow.jobs.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.denseflow.jobs.UsageException;

/** A JSON list that another evaluation left, such as {@code summary.json}. */
final class EvaluationFile {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private EvaluationFile() {}

  /**
   * Its rows.
   *
   * @throws UsageException if it is no list of such rows
   */
  static <T> List<T> rows(String uri, String text, Class<T[]> type) {
    try {
      T[] rows = JSON.readValue(text, type);

      if (rows == null || Arrays.stream(rows).anyMatch(Objects::isNull)) {
        throw new UsageException(
            "Cannot read %s: it is not the list that EvaluateJob writes".formatted(uri));
      }

      return List.of(rows);
    } catch (JsonProcessingException e) {
      throw new UsageException(
          "Cannot read %s: %s; evaluate that run again if an older version wrote it"
              .formatted(uri, e.getOriginalMessage()));
    }
  }
}

package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What a chunk's marker says: whose files are the chunk's.
 *
 * @param attempt that wrote them; empty for the files of a run of before there were attempts
 * @param files their names; empty in a chunk of plain files, where all count
 */
record ChunkMarker(String attempt, List<String> files) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ChunkMarker parse(String text) {
    try {
      return JSON.readValue(text, ChunkMarker.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Invalid marker of a chunk: " + text, e);
    }
  }
}

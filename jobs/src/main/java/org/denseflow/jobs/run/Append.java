package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * Pairs that were appended to a finished run, {@code append-N.json}, written once their plan is.
 *
 * @param fingerprint of the run from then on, that of one over the longer list
 * @param results the numbers of its results
 * @param dataset the address of the longer list
 * @param time when they were appended, in UTC
 * @param before how many pairs there were
 * @param pairs how many were appended
 * @param tables derived tables of the run
 * @param part the name of their plan's folder
 */
record Append(
    String fingerprint,
    String results,
    String dataset,
    String time,
    long before,
    long pairs,
    List<String> tables,
    String part) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The name of the file of the first, second, ... time, from 1. */
  static String file(int number) {
    return "append-%d.json".formatted(number);
  }

  static Append parse(String text) {
    try {
      return JSON.readValue(text, Append.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read append-N.json: " + e.getOriginalMessage(), e);
    }
  }

  String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  RunIdentity identity() {
    return new RunIdentity(fingerprint, results);
  }

  /** With another folder. */
  Append in(String folder) {
    return new Append(fingerprint, results, dataset, time, before, pairs, tables, folder);
  }

  /** What the manifest says of it. */
  String text() {
    return "%d to %d pairs, at %s, of %s".formatted(pairs, before, time, dataset);
  }
}

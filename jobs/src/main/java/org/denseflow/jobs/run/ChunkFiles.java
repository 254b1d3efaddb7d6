package org.denseflow.jobs.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lies in a chunk's folder, by name: markers {@code _SUCCESS}, {@code _SUCCESS.1}, ... and
 * Parquet files {@code part-ATTEMPT-...}, where an attempt is the number of the marker that it
 * means to create and twelve hexadecimal digits.
 *
 * @param generation the number of the newest marker, {@link #NONE} without one
 * @param parts the names of Parquet files
 */
record ChunkFiles(int generation, List<String> parts) {
  static final int NONE = -1;

  /** The files of a run of before there were attempts, as a glob. */
  private static final String UNNAMED = "part-[0-9][0-9][0-9][0-9][0-9]-????????-*.parquet";

  private static final String MARKER = "_SUCCESS";
  private static final Pattern MARKERS = Pattern.compile("_SUCCESS(?:\\.([0-9]{1,9}))?");
  private static final Pattern PART = Pattern.compile("part-.*\\.parquet");
  private static final Pattern NAMED = Pattern.compile("part-(([0-9]{1,9})-[0-9a-f]{12})-.*");

  static ChunkFiles of(List<String> names) {
    int newest = NONE;
    List<String> parts = new ArrayList<>();

    for (String name : names) {
      Matcher marker = MARKERS.matcher(name);

      if (marker.matches()) {
        newest = Math.max(newest, marker.group(1) == null ? 0 : Integer.parseInt(marker.group(1)));
      } else if (PART.matcher(name).matches()) {
        parts.add(name);
      }
    }

    return new ChunkFiles(newest, List.copyOf(parts));
  }

  /** The name of a marker. */
  static String marker(int generation) {
    return generation == 0 ? MARKER : MARKER + "." + generation;
  }

  /** The names of an attempt's files, as a glob. */
  static String glob(String attempt) {
    return attempt.isEmpty() ? UNNAMED : "part-" + attempt + "-*";
  }

  /** The attempt that wrote a file, empty in a run of before there were attempts. */
  static String attempt(String part) {
    Matcher named = NAMED.matcher(part);
    return named.matches() ? named.group(1) : "";
  }

  private static int generation(String part) {
    Matcher named = NAMED.matcher(part);
    return named.matches() ? Integer.parseInt(named.group(2)) : 0;
  }

  /** The newest generation that files were written for, whether or not it has a marker. */
  int written() {
    return parts.stream().mapToInt(ChunkFiles::generation).max().orElse(NONE);
  }

  /** Whether all files are those of the newest marker, as far as names tell. */
  boolean isSettled() {
    return written() <= generation
        && parts.stream().map(ChunkFiles::attempt).distinct().count() <= 1;
  }

  /** Files that no marker names, nor will: markers to come are of a newer generation. */
  List<String> dead(ChunkMarker newest) {
    return parts.stream()
        .filter(part -> generation(part) <= generation && !newest.files().contains(part))
        .toList();
  }
}

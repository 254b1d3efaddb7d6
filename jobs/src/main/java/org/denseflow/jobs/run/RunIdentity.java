package org.denseflow.jobs.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.Versions;

/**
 * The identity of a run, which determines its rows: the fingerprint of what was asked for, and the
 * numbers of the results of the version that computes it.
 *
 * @param fingerprint of configuration, inputs and results
 * @param results such as {@code flows 1, guided 1}; empty in runs of before there were such numbers
 */
public record RunIdentity(String fingerprint, String results) {

  static RunIdentity parse(String text) {
    String[] lines = text.strip().split("\n");
    return new RunIdentity(lines[0].strip(), lines.length < 2 ? "" : lines[1].strip());
  }

  String text() {
    return fingerprint + "\n" + results + "\n";
  }

  /** The versions that go into a run's manifest, with the numbers of its results. */
  public List<String> versions(SparkSession spark) {
    List<String> versions = new ArrayList<>(Versions.list(spark));
    versions.add(1, "results " + results);
    return versions;
  }

  /**
   * Checks that this version computes the rows of a run.
   *
   * @throws UsageException if they would be others
   */
  void requireResults(RunIdentity begun, String uri) {
    if (!begun.results().equals(results)) {
      throw new UsageException(
          ("Cannot resume %s: it was begun by a version of DenseFlow that computes other rows (%s; now %s); pass --overwrite to compute it again, or another --out")
              .formatted(
                  uri, begun.results().isEmpty() ? "without numbers" : begun.results(), results));
    }
  }

  /**
   * Checks that this continues a run.
   *
   * @throws UsageException if its rows would be others
   */
  void requireContinues(RunIdentity begun, String uri) {
    requireResults(begun, uri);

    if (!begun.fingerprint().equals(fingerprint)) {
      throw new UsageException(
          ("Cannot resume %s: it was begun with another dataset, configuration or weights"
                  + " (fingerprint %s, now %s); use the same options, or another --out, or --overwrite")
              .formatted(uri, begun.fingerprint(), fingerprint));
    }
  }
}

package org.denseflow.jobs.run;

import java.util.Arrays;
import org.denseflow.method.ConfiguredMethod;

/**
 * A kind of results that a version of DenseFlow computes, a table or a method, and its number.
 *
 * @param name of the table or method
 * @param number raised whenever the rows of the same inputs change, by their columns or their
 *     values; a run is not resumed across such a change
 */
public record Results(String name, int number) {

  /** Those of a method. */
  public static Results of(ConfiguredMethod<?> method) {
    return new Results(method.name(), method.results());
  }

  /** Several of them as they are stored and shown: {@code flows 1, guided 1}. */
  public static String text(Results... results) {
    return String.join(", ", Arrays.stream(results).map(Results::toString).toList());
  }

  @Override
  public String toString() {
    return name + " " + number;
  }
}

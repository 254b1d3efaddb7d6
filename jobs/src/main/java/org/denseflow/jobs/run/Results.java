package org.denseflow.jobs.run;

import java.util.Arrays;

/**
 * A kind of results that a version of DenseFlow computes, a table or a method, and its number.
 *
 * @param name of the table or method
 * @param number raised whenever the rows of the same inputs change, by their columns or their
 *     values; a run is not resumed across such a change
 */
public record Results(String name, int number) {

  /** Several of them as they are stored and shown: {@code flows 1, guided 1}. */
  public static String text(Results... results) {
    return String.join(", ", Arrays.stream(results).map(Results::toString).toList());
  }

  @Override
  public String toString() {
    return name + " " + number;
  }
}

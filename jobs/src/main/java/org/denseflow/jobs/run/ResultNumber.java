package org.denseflow.jobs.run;

import java.util.Arrays;
import org.denseflow.method.ConfiguredMethod;

/**
 * The number of the results of a table or a method, by which versions of DenseFlow differ.
 *
 * @param name of the table or method
 * @param number raised whenever the rows of the same inputs change, by their columns or their
 *     values; a run is not resumed across such a change
 */
public record ResultNumber(String name, int number) {

  /** Those of a method. */
  public static ResultNumber of(ConfiguredMethod<?> method) {
    return new ResultNumber(method.name(), method.results());
  }

  /** Several of them as they are stored and shown: {@code flows 1, guided 1}. */
  public static String text(ResultNumber... results) {
    return String.join(", ", Arrays.stream(results).map(ResultNumber::toString).toList());
  }

  @Override
  public String toString() {
    return name + " " + number;
  }
}

package org.denseflow.jobs;

/** A count and what is counted, for messages: {@code 1 pair}, {@code 2 pairs}. */
public final class Counted {
  private Counted() {}

  /**
   * The count and the noun, singular or plural.
   *
   * @param plural the noun's plural, ending in "s"
   */
  public static String of(long count, String plural) {
    return count + " " + (count == 1 ? plural.substring(0, plural.length() - 1) : plural);
  }
}

package org.denseflow.jobs.bench;

/**
 * One measured figure.
 *
 * @param bench what was measured
 * @param value the best of several runs
 * @param unit of value and floor
 * @param floor the least time or memory that the work can take, or the highest rate, measured on
 *     the same machine
 * @param ratio how many times its floor the work takes: value over floor, of a rate floor over
 *     value
 */
public record BenchRow(String bench, double value, String unit, double floor, double ratio) {

  /** Of time or memory. */
  static BenchRow of(String bench, double value, String unit, double floor) {
    return new BenchRow(bench, value, unit, floor, value / floor);
  }

  /** Of so many things a second. */
  static BenchRow rate(String bench, double value, String unit, double floor) {
    return new BenchRow(bench, value, unit, floor, floor / value);
  }
}

package org.denseflow.jobs.bench;

/**
 * One measured figure.
 *
 * @param bench what was measured
 * @param value the smallest of several runs
 * @param unit of value and floor
 * @param floor the least that the work can take, measured on the same machine
 * @param ratio value over floor
 */
public record BenchRow(String bench, double value, String unit, double floor, double ratio) {

  static BenchRow of(String bench, double value, String unit, double floor) {
    return new BenchRow(bench, value, unit, floor, value / floor);
  }
}

package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.denseflow.schemas.SummaryRow;
import org.knowm.xchart.XYChart;

/**
 * How scores change over the intermediate results of a method, for instance the passes of a
 * recurrent network (RTNs, Figure 6; SAM-Net, Figure 7).
 */
final class StepCurves {
  static final String FILE = "steps.json";
  static final String PICTURE = "steps.png";

  private StepCurves() {}

  /**
   * A score after a step.
   *
   * @param step counted from 1
   * @param pairs pairs it was averaged over
   * @param listed pairs of the dataset
   */
  record Point(int step, String protocol, String metric, double value, long pairs, long listed) {

    /** Checks that nothing is null. */
    Point {
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(metric, "metric");
    }

    private String curve() {
      return protocol + " " + metric;
    }
  }

  /** The points of a step's summary. */
  static List<Point> points(int step, List<SummaryRow> summary) {
    return summary.stream()
        .filter(row -> row.category().equals("all") && row.pairs() > 0)
        .filter(row -> RegionCurves.isPrinted(row.metric()))
        .map(
            row ->
                new Point(
                    step, row.protocol(), row.metric(), row.value(), row.pairs(), row.listed()))
        .toList();
  }

  /**
   * Draws the curves of evaluations.
   *
   * @param evaluations points by the name in the legend
   */
  static byte[] picture(Map<String, List<Point>> evaluations) {
    XYChart chart = Charts.empty("Scores over intermediate results", "step", "score");
    evaluations.forEach(
        (name, points) ->
            curves(points)
                .forEach(
                    (curve, own) ->
                        chart.addSeries(
                            evaluations.size() == 1 ? curve : name + " " + curve,
                            own.stream().map(point -> (double) point.step()).toList(),
                            own.stream().map(Point::value).toList())));
    return Charts.png(chart);
  }

  /** A line for each curve. */
  static String table(List<Point> points) {
    StringBuilder text = new StringBuilder("\nafter each intermediate result:\n");
    curves(points)
        .forEach(
            (curve, own) -> {
              text.append("%-40s".formatted(curve));
              own.forEach(point -> text.append(String.format(Locale.ROOT, "%8.3f", point.value())));
              own.stream()
                  .filter(point -> point.pairs() < point.listed())
                  .forEach(
                      point ->
                          text.append(
                              "; step %d: %d of %d pairs"
                                  .formatted(point.step(), point.pairs(), point.listed())));
              text.append('\n');
            });
    return text.toString();
  }

  private static Map<String, List<Point>> curves(List<Point> points) {
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    points.forEach(
        point -> curves.computeIfAbsent(point.curve(), c -> new ArrayList<>()).add(point));
    return curves;
  }
}

package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.denseflow.metrics.RegionScore;
import org.denseflow.schemas.SummaryRow;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** PCR over tau and mIoU over k: as metrics, every point one, and as pictures (SCNet, Figure 3). */
final class RegionCurves {
  private static final String PCR = "pcr";
  private static final String MEAN_IOU = "miou";
  private static final String AREA = "-auc";
  private static final List<String> HEADLINES =
      List.of("pcr@0.30", "pcr@0.50", "pcr@0.70", "pcr-auc", "miou@10", "miou@100", "miou-auc");

  private static final List<String> NAMES =
      Stream.of(
              IntStream.rangeClosed(0, RegionScore.STEPS)
                  .mapToObj(
                      t -> String.format(Locale.ROOT, "pcr@%.2f", (double) t / RegionScore.STEPS)),
              Stream.of(PCR + AREA),
              IntStream.rangeClosed(1, RegionScore.STEPS).mapToObj(k -> MEAN_IOU + "@" + k),
              Stream.of(MEAN_IOU + AREA))
          .flatMap(names -> names)
          .toList();

  private RegionCurves() {}

  /** The metrics' names. */
  static List<String> names() {
    return NAMES;
  }

  /** A pair's values, in the order of the names. */
  static List<Double> values(RegionScore score) {
    return DoubleStream.concat(
            DoubleStream.concat(DoubleStream.of(score.pcr()), DoubleStream.of(score.pcrArea())),
            DoubleStream.concat(
                DoubleStream.of(score.meanIou()), DoubleStream.of(score.meanIouArea())))
        .boxed()
        .toList();
  }

  /** Whether a metric is worth a column of a printed table: of a curve's points only a few are. */
  static boolean isPrinted(String metric) {
    boolean isPoint = metric.startsWith(PCR + "@") || metric.startsWith(MEAN_IOU + "@");
    return !isPoint || HEADLINES.contains(metric);
  }

  /**
   * Draws both curves of each evaluation that has them.
   *
   * @param evaluations summaries by the name in the legend
   * @return PNG files by name; none where no evaluation has curves
   */
  static Map<String, byte[]> pictures(Map<String, List<SummaryRow>> evaluations) {
    XYChart pcr = Charts.empty("Probability of correct regions", "tau", "PCR");
    XYChart iou = Charts.empty("Mean IoU of the k best matches", "k", "mIoU@k");
    evaluations.forEach(
        (name, rows) -> {
          add(pcr, name, PCR, rows);
          add(iou, name, MEAN_IOU, rows);
        });
    return pcr.getSeriesMap().isEmpty()
        ? Map.of()
        : Map.of("pcr.png", Charts.png(pcr), "miou.png", Charts.png(iou));
  }

  private static void add(XYChart chart, String name, String curve, List<SummaryRow> rows) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    String area = "";

    for (SummaryRow row : rows) {
      boolean isPoint = row.metric().startsWith(curve + "@") && NAMES.contains(row.metric());

      if (row.pairs() == 0) {
        continue;
      }

      if (row.category().equals("all") && isPoint) {
        x.add(Double.parseDouble(row.metric().substring(curve.length() + 1)));
        y.add(row.value());
      } else if (row.category().equals("all") && row.metric().equals(curve + AREA)) {
        area = String.format(Locale.ROOT, " (AuC %.3f)", row.value());
      }
    }

    if (!x.isEmpty()) {
      chart.addSeries(name + area, x, y).setMarker(SeriesMarkers.NONE);
    }
  }
}

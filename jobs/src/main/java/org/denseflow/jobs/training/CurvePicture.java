package org.denseflow.jobs.training;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.jobs.run.RunDirectory;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The losses over the steps as a picture: training smoothed over 20 steps, validation as it is,
 * dashed.
 */
final class CurvePicture {
  static final String FILE = "curves.png";

  private static final int SMOOTHED = 20;

  private CurvePicture() {}

  /** Draws or draws again. */
  static void draw(Curves curves, RunDirectory run) {
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(600)
            .title("Training (mean of 20 steps) and validation")
            .xAxisTitle("step")
            .yAxisTitle("loss (epe in cells)")
            .build();
    chart.getStyler().setYAxisLogarithmic(true).setLegendPosition(Styler.LegendPosition.OutsideE);

    Color[] colors = chart.getStyler().getSeriesColors();
    List<String> names = curves.losses();

    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      add(
          chart,
          name,
          smoothed(curves.training(name)),
          colors[i % colors.length],
          SeriesLines.SOLID);
      Map<Long, Double> scored = curves.validation(name);
      add(chart, name + " (validation)", scored, colors[i % colors.length], SeriesLines.DASH_DASH);
    }

    try {
      run.replace(FILE, BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot draw " + FILE, e);
    }
  }

  private static void add(
      XYChart chart, String name, Map<Long, Double> line, Color color, BasicStroke stroke) {
    List<Double> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    line.forEach(
        (step, value) -> {
          if (value > 0) {
            steps.add((double) step);
            values.add(value);
          }
        });

    if (!steps.isEmpty()) {
      XYSeries series = chart.addSeries(name, steps, values);
      series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(stroke);
    }
  }

  private static Map<Long, Double> smoothed(TreeMap<Long, Double> line) {
    Map<Long, Double> result = new TreeMap<>();
    List<Map.Entry<Long, Double>> entries = List.copyOf(line.entrySet());

    for (int to = SMOOTHED; to <= entries.size(); to += SMOOTHED) {
      double mean =
          entries.subList(to - SMOOTHED, to).stream()
              .mapToDouble(Map.Entry::getValue)
              .average()
              .orElse(0);
      result.put(entries.get(to - 1).getKey(), mean);
    }

    return result;
  }
}

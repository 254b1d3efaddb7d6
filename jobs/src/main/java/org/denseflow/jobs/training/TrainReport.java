package org.denseflow.jobs.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.denseflow.training.LearnerConfig;

/** The reports of a training: progress on the console, a checkpoint's provenance, a summary. */
final class TrainReport {
  private final TrainRequest request;
  private final LearnerConfig<?> learner;
  private final TrainJobParameters job;
  private final Curves curves;
  private final PrintStream log;
  private final long started = System.nanoTime();
  private final long from;

  /** Reports on a training that starts or goes on after {@code from} steps. */
  TrainReport(
      TrainRequest request,
      LearnerConfig<?> learner,
      TrainJobParameters job,
      Curves curves,
      PrintStream log,
      long from) {
    this.request = request;
    this.learner = learner;
    this.job = job;
    this.curves = curves;
    this.log = log;
    this.from = from;
  }

  /** Prints how far training is and when it will end, after {@code step} steps. */
  void progress(long step) {
    double each = (System.nanoTime() - started) / 1e9 / (step - from);
    long left = (long) (each * (learner.training().steps() - step));
    log.printf(
        "step %d/%d,%s, %.2f s a step, ETA %s%n",
        step,
        learner.training().steps(),
        losses(curves::training, this::recent),
        each,
        Duration.ofSeconds(left).toString().substring(2).toLowerCase(Locale.ROOT));
    Map.Entry<Long, Double> scored = curves.validation("total").lastEntry();

    if (scored != null && scored.getKey() == step - 1) {
      log.println(
          "  validation:"
              + losses(curves::validation, name -> curves.validation(name).lastEntry().getValue()));
    }
  }

  private String losses(
      Function<String, TreeMap<Long, Double>> lines, ToDoubleFunction<String> value) {
    StringBuilder text = new StringBuilder();

    for (String name : newest(lines)) {
      text.append(String.format(Locale.ROOT, " %s %.4f", name, value.applyAsDouble(name)));
    }

    return text.toString();
  }

  /** The mean of a loss over the last round. */
  private double recent(String name) {
    List<Double> line = List.copyOf(curves.training(name).values());
    return line.subList(Math.max(0, line.size() - job.averaging().steps()), line.size()).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }

  /** The newest value of each loss. */
  Map<String, Double> last(Function<String, TreeMap<Long, Double>> lines) {
    Map<String, Double> last = new LinkedHashMap<>();
    newest(lines).forEach(name -> last.put(name, lines.apply(name).lastEntry().getValue()));
    return last;
  }

  /** The losses that were seen when the total was last seen: a stage may know more than another. */
  private List<String> newest(Function<String, TreeMap<Long, Double>> lines) {
    TreeMap<Long, Double> total = lines.apply("total");
    return curves.losses().stream()
        .filter(name -> !lines.apply(name).isEmpty())
        .filter(name -> lines.apply(name).lastKey().equals(total.lastKey()))
        .toList();
  }

  /** The rows of {@code summary.json}: the last validation, and how many pairs it had. */
  List<Map<String, Object>> summary(int pairs) {
    List<Map<String, Object>> rows = new ArrayList<>();
    last(curves::validation)
        .forEach(
            (metric, value) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("dataset", request.pairs());
              row.put("method", request.preset());
              row.put("backbone", learner.backboneName());
              row.put("protocol", "validation");
              row.put("category", "all");
              row.put("metric", metric);
              row.put("value", value);
              row.put("pairs", pairs);
              row.put("failed", 0);
              rows.add(row);
            });
    return rows;
  }
}

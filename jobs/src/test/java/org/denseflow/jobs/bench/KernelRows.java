package org.denseflow.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.denseflow.jobs.UsageException;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What JMH measures of {@link KernelBench}, as rows. */
final class KernelRows {

  private KernelRows() {}

  /**
   * Runs JMH in processes of its own.
   *
   * @param arguments of JMH; its progress is printed where there are any
   */
  static List<BenchRow> measure(List<String> arguments) {
    try {
      CommandLineOptions options = new CommandLineOptions(arguments.toArray(String[]::new));
      ChainedOptionsBuilder builder =
          new OptionsBuilder()
              .parent(options)
              .mode(Mode.SampleTime)
              .timeUnit(TimeUnit.MICROSECONDS)
              .shouldFailOnError(true);

      if (options.getIncludes().isEmpty()) {
        builder.include(KernelBench.class.getName());
      }

      if (arguments.isEmpty()) {
        builder.verbosity(VerboseMode.SILENT);
      }

      double rate = Rates.gemm();
      List<BenchRow> rows = new ArrayList<>();

      for (RunResult result : new Runner(builder.build()).run()) {
        String method = result.getPrimaryResult().getLabel();
        rows.add(row(method, result.getPrimaryResult().getStatistics().getMin(), rate));
      }

      return rows;
    } catch (CommandLineOptionException e) {
      throw new UsageException("Invalid JMH options: " + e.getMessage());
    } catch (RunnerException e) {
      throw new IllegalStateException("Cannot measure the kernels", e);
    }
  }

  /**
   * The row of one benchmark.
   *
   * @param micros of the fastest call
   * @param rate multiplications and additions a millisecond
   */
  private static BenchRow row(String method, double micros, double rate) {
    KernelBench.Least least = least(method);
    boolean product = least.flops() > 0;
    double floor = product ? least.flops() / rate : Rates.copyMillis(least.bytes());
    return BenchRow.of(
        "kernel %s (floor: %s)"
            .formatted(
                least.name(),
                product ? "GEMM" : "copy of %d KB".formatted(Math.round(least.bytes() / 1e3))),
        micros,
        "us",
        1000 * floor);
  }

  private static KernelBench.Least least(String method) {
    for (java.lang.reflect.Method each : KernelBench.class.getMethods()) {
      if (each.getName().equals(method)) {
        return each.getAnnotation(KernelBench.Least.class);
      }
    }

    throw new IllegalStateException("KernelBench has no method " + method);
  }
}

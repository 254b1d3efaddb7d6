package org.denseflow.jobs.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.JobMain;
import org.denseflow.jobs.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code scripts/bench}: measures the stages beside their floors. */
@Command(
    name = "scripts/bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures each stage beside its floor on this machine: the least that its work can take.")
public final class Bench implements Callable<ExitCode> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "describe, match, decode, table, end-to-end, kernels, proposals, training, recurrent, plan or synthesis (default: all).")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "OPTION",
      description = "Of JMH, for kernels; after --, as in: kernels -- resize -f 3.")
  private List<String> options = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the rows.")
  private Path json;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description =
          "Print the ratios of these rows beside, and point out what is a quarter worse, as scripts/bench.json.")
  private Path baseline;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "JPEG files that synthesis reads (default: drawn images).")
  private Path images;

  /** Measured when first needed. */
  private List<BenchRow> table;

  /** Runs all benches, or the one that is named. */
  public static void main(String[] arguments) {
    JobMain.run(new Bench(), arguments);
  }

  @Override
  public ExitCode call() throws IOException {
    Map<String, Supplier<List<BenchRow>>> benches = benches();

    if (name != null && !benches.containsKey(name)) {
      throw new UsageException(
          "Invalid bench: %s, expected one of %s".formatted(name, benches.keySet()));
    }

    if (!options.isEmpty() && !name.equals("kernels")) {
      throw new UsageException(
          "Invalid options: %s; only kernels takes any, not %s".formatted(options, name));
    }

    List<BenchRow> before = baseline == null ? List.of() : BenchTable.read(baseline);
    List<BenchRow> rows = new ArrayList<>();

    for (String bench : name == null ? benches.keySet() : List.of(name)) {
      double seconds = Stopwatch.seconds(() -> rows.addAll(benches.get(bench).get()));
      System.err.printf("%s: %.0f s%n", bench, seconds);
    }

    System.out.print(BenchTable.text(rows, before));

    if (json != null) {
      BenchTable.write(rows, json);
    }

    return ExitCode.DONE;
  }

  private List<BenchRow> table() {
    if (table == null) {
      table = TableBench.rows();
    }

    return table;
  }

  private Map<String, Supplier<List<BenchRow>>> benches() {
    Map<String, Supplier<List<BenchRow>>> benches = new LinkedHashMap<>();
    benches.put("describe", DescribeBench::rows);
    benches.put("match", MatchBench::rows);
    benches.put("decode", DecodeBench::rows);
    benches.put("table", this::table);
    benches.put("end-to-end", () -> EndToEndBench.rows(TableBench.writeMillis(table())));
    benches.put("kernels", () -> KernelRows.measure(options));
    benches.put("proposals", () -> new ProposalBench().rows());
    benches.put("training", TrainingBench::rows);
    benches.put("recurrent", () -> RecurrentCost.rows(Rates.gemm()));
    benches.put("plan", PlanBench::rows);
    benches.put("synthesis", () -> new SynthesisBench(images).rows());
    return benches;
  }
}

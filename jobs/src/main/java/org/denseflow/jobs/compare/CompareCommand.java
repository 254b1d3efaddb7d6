package org.denseflow.jobs.compare;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of CompareJob. */
@Command(
    name = "CompareJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares two runs of a job, or two evaluations, column by column over the rows that both have.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:the same rows",
      " 2:bad usage, or nothing to compare",
      " 3:rows differ, or only one of the runs has them",
      " 4:infrastructure failed"
    })
public final class CompareCommand implements Callable<ExitCode> {
  private static final String FILE = "comparison.json";

  @Option(names = "--run", required = true, paramLabel = "URI", description = "One run.")
  private String run;

  @Option(names = "--with", required = true, paramLabel = "URI", description = "The other run.")
  private String with;

  @Option(
      names = "--tolerance",
      defaultValue = "0",
      paramLabel = "NUMBER",
      description =
          "Numbers that differ by no more count as equal, in the column's own unit: a flow in fractions of the image sides, an image in grey levels (default: the same bits).")
  private double tolerance;

  @Option(
      names = "--tables",
      split = ",",
      paramLabel = "NAME",
      description = "Compare these tables alone, such as flows.")
  private Set<String> tables = new LinkedHashSet<>();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Columns that may differ, as score or flows.score; times and places in a plan always may.")
  private Set<String> ignored = new LinkedHashSet<>();

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "Directory for " + FILE + " (default: that of --run).")
  private String out;

  @Override
  public ExitCode call() {
    if (!(tolerance >= 0)) {
      throw new UsageException(
          "Invalid --tolerance: %s; it is the greatest difference that counts as none, 0 or more"
              .formatted(tolerance));
    }

    SparkSession spark = Sessions.open("CompareJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    RunComparison.Result result =
        new RunComparison(
                spark,
                new RunDirectory(run, hadoop),
                new RunDirectory(with, hadoop),
                new TableComparison.Rule(tolerance, ignored))
            .compare(tables);
    RunDirectory output = new RunDirectory(out == null ? run : out, hadoop);
    output.replaceJson(FILE, result);
    print(result);
    System.out.println("comparison: " + output.table(FILE));
    return result.same() ? ExitCode.DONE : ExitCode.TOO_MANY_FAILED;
  }

  private static void print(RunComparison.Result result) {
    result
        .tables()
        .forEach(
            (name, table) -> {
              System.out.print(table.describe(name));
              System.out.println(
                  "  not compared: "
                      + (result.ignored().get(name).isEmpty()
                          ? "none"
                          : String.join(", ", result.ignored().get(name))));
            });
    result.alone().forEach(name -> System.out.println(name + ": only one of the runs has it"));
    System.out.println(
        result.settings().isEmpty() ? "settings: the same" : "settings that differ:");
    result.settings().forEach(System.out::println);
    System.out.println(result.same() ? "the same" : "different");
  }
}

package org.denseflow.jobs.compare;

import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.Tables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of CompareJob. */
@Command(
    name = "CompareJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Says whether two runs have the same pairs, statuses and flows; exits with 3 where they differ.")
public final class CompareCommand implements Callable<ExitCode> {

  @Option(names = "--run", required = true, paramLabel = "URI", description = "One run.")
  private String run;

  @Option(names = "--with", required = true, paramLabel = "URI", description = "The other run.")
  private String with;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      paramLabel = "CELLS",
      description = "Largest flow difference in grid cells (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Override
  public ExitCode call() {
    SparkSession spark = Sessions.open("CompareJob");
    Dataset<Row> left = side(spark, run, "left");
    Dataset<Row> right = side(spark, with, "right");
    RunComparison comparison = new RunComparison();
    comparison.addTwice(twice(left) + twice(right));
    left.join(right, "pair_id", "full_outer")
        .toLocalIterator()
        .forEachRemaining(
            row ->
                comparison.add(
                    row.getAs("pair_id"), side(row.getAs("left")), side(row.getAs("right"))));
    System.out.println(comparison.describe());
    return comparison.within(tolerance) ? ExitCode.DONE : ExitCode.TOO_MANY_FAILED;
  }

  private static long twice(Dataset<Row> side) {
    return side.groupBy("pair_id").count().where("count > 1").count();
  }

  private static Dataset<Row> side(SparkSession spark, String uri, String name) {
    RunDirectory directory = new RunDirectory(uri, spark.sparkContext().hadoopConfiguration());
    return Tables.read(spark, FlowTable.SCHEMA, directory.table("flows"))
        .select(
            functions.col("pair_id"),
            functions
                .struct(
                    functions.col("status"),
                    functions.coalesce(functions.col("grid_width"), functions.lit(0)),
                    functions.coalesce(functions.col("grid_height"), functions.lit(0)),
                    functions.col("flow"),
                    functions.col("flow_encoding"))
                .as(name));
  }

  private static RunComparison.Side side(Row row) {
    return row == null
        ? null
        : new RunComparison.Side(row.getString(0), row.getInt(1), row.getInt(2), displacement(row));
  }

  private static float[] displacement(Row row) {
    return row.isNullAt(3) ? null : FlowTable.numbers((byte[]) row.get(3), row.getString(4));
  }
}

package org.denseflow.jobs.flow;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairListReader;
import org.denseflow.jobs.run.BatchOptions;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.FeatureStoreOption;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.MethodOptions;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.PairOptions;
import org.denseflow.jobs.run.PairRun;
import org.denseflow.jobs.run.RunRequest;
import org.denseflow.jobs.run.StartMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of DenseFlowJob. */
@Command(
    name = "DenseFlowJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Computes dense flow for every pair of a dataset, or for two images, and commits it chunk by chunk.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 3:finished, but more pairs failed than --max-failed-fraction allows",
      " 4:infrastructure failed; run again with --resume"
    })
public final class DenseFlowCommand implements Callable<ExitCode> {
  private static final String INTERMEDIATE = "intermediate";

  @Mixin private PairOptions pairs;

  @Mixin private OutputOptions output;

  @Mixin private MethodOptions method;

  @Mixin private FeatureStoreOption features;

  @Mixin private ConfigOptions settings;

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "TABLE",
      description =
          "What to write besides flows: warps, flo, png, and intermediate results, as a column of flows and with png as pictures (default: flows; for two images flo and png too).")
  private List<String> write = new ArrayList<>();

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    checkUsage();
    StartMode start = pairs.start(batch, output);
    SparkSession spark = Sessions.open("DenseFlowJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());
    Config config =
        settings.over(method.preset(), options(), "conf/flows.conf", files, pairs.orientation());
    PairSource source = pairs.source(files, true);
    FlowJob job = new FlowJob(spark, config, method.files(), features, System.err);
    RunRequest request =
        new RunRequest(
            pairs.address(),
            source instanceof PairSource.Nearest own
                ? job.nearest().pairs(own, batch.limit(), output.out(), start.keeps(), System.err)
                : new PairListReader(spark, false).read(source, batch.limit()),
            config,
            method.files(),
            output.out(),
            tables(),
            batch.maxFailedFraction(pairs));
    return new JobRun(new PairRun(spark, request, job, System.err)).run(output, start);
  }

  private void checkUsage() {
    pairs.check();

    for (String table : write) {
      if (!DerivedOutputs.TABLES.contains(table)
          && !table.equals("flows")
          && !table.equals(INTERMEDIATE)) {
        throw new UsageException(
            "Invalid --write: %s, expected flows, warps, flo, png or intermediate"
                .formatted(table));
      }
    }

    batch.check();
  }

  private Config options() {
    Config options = features.over(method.options());
    return write.contains(INTERMEDIATE)
        ? options.withValue("steps", ConfigValueFactory.fromAnyRef("keep", "--write intermediate"))
        : options;
  }

  private List<String> tables() {
    return write.isEmpty() && pairs.loose()
        ? List.of("flo", "png")
        : write.stream().filter(DerivedOutputs.TABLES::contains).distinct().toList();
  }
}

package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.denseflow.schemas.Presets;
import picocli.CommandLine.Command;
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

  @Option(
      names = "--dataset",
      paramLabel = "LAYOUT:URI",
      description =
          "Pairs to match: pf-willow, pf-pascal, spair, tss, caltech101, pascal-parts, cub, pairs or folder.")
  private String dataset;

  @Option(
      names = "--source",
      paramLabel = "IMAGE",
      description = "One source image, with --target.")
  private String source;

  @Option(
      names = "--target",
      paramLabel = "IMAGE",
      description = "One target image, with --source.")
  private String target;

  @Option(names = "--out", required = true, paramLabel = "URI", description = "Output directory.")
  private String out;

  @Option(
      names = "--method",
      defaultValue = "guided",
      description =
          "Method preset: nn, mutual-nn, kernel-soft-argmax, guided, sfnet, sfnet-released (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(names = "--backbone", description = "Backbone, instead of the preset's.")
  private String backbone;

  @Option(names = "--weights", paramLabel = "URI", description = "Weight file of the backbone.")
  private String weights = "";

  @Option(
      names = "--model",
      paramLabel = "URI",
      description = "Trained model of TrainJob; any method can read its features.")
  private String model = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file on top of the preset; unknown keys are refused.")
  private String config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "TABLE",
      description =
          "What to leave besides flows: warps, flo, png (default: flows; for two images flo and png too).")
  private List<String> write = new ArrayList<>();

  @Option(names = "--resume", description = "Continue a run; committed chunks are kept.")
  private boolean resume;

  @Option(
      names = "--dry-run",
      description = "Print configuration, plan and estimated size; compute nothing.")
  private boolean dryRun;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N pairs.")
  private Integer limit;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of methods that draw random numbers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--max-failed-fraction",
      defaultValue = "1",
      paramLabel = "F",
      description = "Exit with 3 when a larger share of pairs failed (default: ${DEFAULT-VALUE}).")
  private double maxFailedFraction;

  @Override
  public ExitCode call() {
    boolean loose = source != null || target != null;
    checkUsage(loose);
    Config resolved = resolve();
    SparkSession spark = Sessions.open("DenseFlowJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFileStore files = new HadoopFileStore(hadoop);
    Dataset pairs = loose ? looseImages() : Datasets.open(dataset, files);
    RunRequest request =
        new RunRequest(
            loose ? "images" : dataset,
            limit == null ? pairs.pairs() : first(pairs.pairs(), limit),
            withFile(resolved, files),
            weights,
            model,
            out,
            tables(loose),
            seed,
            maxFailedFraction);
    FlowRun run = new FlowRun(spark, request, System.err);
    return dryRun ? run.describe(System.out) : run.execute(resume);
  }

  private void checkUsage(boolean loose) {
    if (loose ? source == null || target == null || dataset != null : dataset == null) {
      throw new UsageException(
          "Give either --dataset LAYOUT:URI, or --source IMAGE and --target IMAGE");
    }

    for (String table : write) {
      if (!List.of("flows", "warps", "flo", "png").contains(table)) {
        throw new UsageException(
            "Invalid --write: %s, expected flows, warps, flo or png".formatted(table));
      }
    }

    if (limit != null && limit <= 0) {
      throw new UsageException("Invalid --limit: must be positive, found " + limit);
    }

    if (!(maxFailedFraction >= 0 && maxFailedFraction <= 1)) {
      throw new UsageException(
          "Invalid --max-failed-fraction: must be 0 to 1, found " + maxFailedFraction);
    }
  }

  private Config resolve() {
    Config base = Presets.method(method);

    if (backbone != null) {
      base =
          Presets.parse("backbone { name = \"" + backbone + "\", taps = [] }", "--backbone")
              .withFallback(base);
    }

    return base.withFallback(
        ConfigFactory.parseResources(getClass().getClassLoader(), "conf/job.conf"));
  }

  private Config withFile(Config base, HadoopFileStore files) {
    Config file =
        config == null ? ConfigFactory.empty() : Presets.parse(files.text(config), config);
    return Presets.overrides(settings).withFallback(file).withFallback(base);
  }

  private Dataset looseImages() {
    ImagePair pair =
        new ImagePair(
            name(source) + "-" + name(target),
            absolute(source),
            absolute(target),
            "",
            PairAnnotation.NONE);
    return new Dataset("images", ".", List.of(pair));
  }

  private List<String> tables(boolean loose) {
    return write.isEmpty() && loose
        ? List.of("flo", "png")
        : write.stream().filter(t -> !t.equals("flows")).distinct().toList();
  }

  private static String absolute(String uri) {
    return org.denseflow.jobs.dataset.FileStore.hasScheme(uri)
        ? uri
        : java.nio.file.Path.of(uri).toAbsolutePath().toString();
  }

  private static String name(String uri) {
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  private static <T> List<T> first(List<T> list, int count) {
    return list.subList(0, Math.min(count, list.size()));
  }
}

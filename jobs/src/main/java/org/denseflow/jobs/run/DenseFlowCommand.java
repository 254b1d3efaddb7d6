package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
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
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.denseflow.schemas.Presets;
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
  private static final List<String> DERIVED = List.of("warps", "flo", "png");
  private static final String INTERMEDIATE = "intermediate";

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

  @Mixin private OutputOptions output;

  @Option(
      names = "--method",
      defaultValue = "guided",
      description =
          "Method preset: nn, mutual-nn, kernel-soft-argmax, guided, nam, phm, lom, and with --model sfnet, sfnet-released, sfnet-compact, gsf, rtn (default: ${DEFAULT-VALUE}).")
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

  @Mixin private ConfigOptions settings;

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "TABLE",
      description =
          "What to leave besides flows: warps, flo, png, and intermediate results, as a column of flows and with png as pictures (default: flows; for two images flo and png too).")
  private List<String> write = new ArrayList<>();

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    boolean loose = source != null || target != null;
    checkUsage(loose);
    Config preset = preset();
    SparkSession spark = Sessions.open("DenseFlowJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFileStore files = new HadoopFileStore(hadoop);
    Dataset pairs = loose ? looseImages() : Datasets.open(dataset, files);
    RunRequest request =
        new RunRequest(
            loose ? "images" : dataset,
            batch.of(pairs.pairs()),
            settings.over(preset, "conf/job.conf", files),
            weights,
            model,
            output.out(),
            tables(loose),
            output.seed(),
            batch.maxFailedFraction());
    FlowRun run = new FlowRun(spark, request, System.err);
    return output.dryRun() ? run.describe(System.out) : run.execute(output.resume());
  }

  private void checkUsage(boolean loose) {
    if (loose ? source == null || target == null || dataset != null : dataset == null) {
      throw new UsageException(
          "Give either --dataset LAYOUT:URI, or --source IMAGE and --target IMAGE");
    }

    for (String table : write) {
      if (!DERIVED.contains(table) && !table.equals("flows") && !table.equals(INTERMEDIATE)) {
        throw new UsageException(
            "Invalid --write: %s, expected flows, warps, flo, png or intermediate"
                .formatted(table));
      }
    }

    batch.check();
  }

  private Config preset() {
    Config preset = Presets.method(method);

    if (backbone != null) {
      preset = Presets.backbone(backbone).withFallback(preset);
    }

    return write.contains(INTERMEDIATE)
        ? preset.withValue("steps", ConfigValueFactory.fromAnyRef("keep"))
        : preset;
  }

  private Dataset looseImages() {
    ImagePair pair =
        new ImagePair(
            name(source) + "-" + name(target),
            FileStore.absolute(source),
            FileStore.absolute(target),
            "",
            PairAnnotation.NONE);
    return new Dataset("images", ".", List.of(pair));
  }

  private List<String> tables(boolean loose) {
    return write.isEmpty() && loose
        ? List.of("flo", "png")
        : write.stream().filter(DERIVED::contains).distinct().toList();
  }

  private static String name(String uri) {
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}

package org.denseflow.jobs.masks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.BatchOptions;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.FeatureStoreOption;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.MethodOptions;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.StartMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of MaskTransferJob. */
@Command(
    name = "MaskTransferJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Carries the masks of a few exemplars over to a whole collection, class by class.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 3:finished, but more targets failed than --max-failed-fraction allows",
      " 4:infrastructure failed; run again with --resume"
    })
public final class MaskTransferCommand implements Callable<ExitCode> {

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "LAYOUT:URI",
      description = "Images, some with masks: cub, folder, or images (a CSV list).")
  private String dataset;

  @Option(
      names = "--exemplars",
      defaultValue = "train",
      paramLabel = "train|test|N|FILE",
      description =
          "Which images give masks: those of a split, the first N of each class's training images, or the ids in a file (default: ${DEFAULT-VALUE}). Without a split, all images with masks are training images.")
  private String exemplars;

  @Option(
      names = "--targets",
      defaultValue = "test",
      paramLabel = "train|test|all|FILE",
      description =
          "Which images get masks (default: ${DEFAULT-VALUE}); without a split, test is all but the exemplars. An image is never its own exemplar.")
  private String targets;

  @Option(
      names = "--use-boxes",
      description = "Cut images to their object's box, where the dataset has one.")
  private boolean boxes;

  @Option(
      names = "--refinement",
      paramLabel = "NAME",
      description = "none, guided-filter or grab-cut (mask.refinement).")
  private String refinement;

  @Option(
      names = "--next",
      defaultValue = "10",
      paramLabel = "K",
      description =
          "Propose K images whose masks to draw next, in next.csv (default: ${DEFAULT-VALUE}).")
  private int next;

  @Mixin private OutputOptions output;

  @Mixin private MethodOptions method;

  @Mixin private FeatureStoreOption features;

  @Mixin private ConfigOptions settings;

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    checkUsage();
    StartMode start = batch.start(output);
    SparkSession spark = Sessions.open("MaskTransferJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFileStore files = new HadoopFileStore(hadoop);
    Map<String, MaskSelection.Members> classes =
        new MaskSelection(Datasets.images(dataset, files, System.err::println), files)
            .select(exemplars, targets, batch.limit());
    Config config = config(files);
    JobConfig<MaskTransferParameters> job = JobConfig.of(config, MaskTransferParameters.class);
    MatcherChoice matcher = MatcherChoice.of(job.preset(), method.files(), hadoop);
    MaskRequest request =
        new MaskRequest(
            dataset,
            exemplars,
            targets,
            classes,
            config,
            matcher,
            boxes,
            output.out(),
            next,
            batch.maxFailedFraction(),
            new SerializableConfiguration(hadoop),
            features.open(spark.sparkContext(), matcher, job.job().reading()));
    return new JobRun(new MaskRun(spark, request, System.err)).run(output, start);
  }

  private void checkUsage() {
    batch.check();

    if (next < 0) {
      throw new UsageException("Invalid --next: must not be negative, found " + next);
    }

    if (boxes && features.isGiven()) {
      throw new UsageException(
          "Invalid --features: with --use-boxes parts of images are described, and features of whole images are stored; give one of both");
    }

    if (List.of("nam", "phm", "lom").contains(method.name())) {
      throw new UsageException(
          "Invalid --method: %s has no feature maps to choose exemplars by; use guided, or another"
              .formatted(method.name()));
    }
  }

  private Config config(HadoopFileStore files) {
    Config options =
        refinement == null
            ? ConfigFactory.empty()
            : ConfigFactory.empty()
                .withValue(
                    "mask.refinement", ConfigValueFactory.fromAnyRef(refinement, "--refinement"));
    Config preset = Presets.of("transfer", "mask").withFallback(method.preset());
    return settings.over(
        preset,
        features.over(options.withFallback(method.options())),
        "conf/job.conf",
        files,
        Datasets.orientation(dataset));
  }
}

package org.denseflow.jobs.projection;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.JobConfig;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.FeatureOptions;
import org.denseflow.jobs.run.JobInput;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.SeedOption;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.ImageList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of ProjectionJob. */
@Command(
    name = "ProjectionJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Finds the principal components of a backbone's features in a sample of images; jobs that match take them as --projection.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 4:infrastructure failed; run again with --resume"
    })
public final class ProjectionCommand implements Callable<ExitCode> {

  @Option(
      names = "--images",
      paramLabel = "URI",
      description =
          "Folder with images, searched with its sub-folders, or a .txt file with one path per line.")
  private String images;

  @Option(
      names = "--dataset",
      paramLabel = "LAYOUT:URI",
      description = "The images of a dataset's pairs, instead of --images.")
  private String dataset;

  @Option(
      names = "--components",
      defaultValue = "128",
      paramLabel = "K",
      description = "Channels to keep (default: ${DEFAULT-VALUE}).")
  private int components;

  @Option(
      names = "--sample",
      defaultValue = "256",
      paramLabel = "N",
      description = "Describe N of the images, drawn by the seed (default: ${DEFAULT-VALUE}).")
  private int sample;

  @Mixin private OutputOptions output;

  @Mixin private SeedOption seed;

  @Mixin private FeatureOptions features;

  @Mixin private ConfigOptions settings;

  @Override
  public ExitCode call() {
    checkUsage();
    StartMode start = output.start();
    SparkSession spark = Sessions.open("ProjectionJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFileStore files = new HadoopFileStore(hadoop);
    Config config =
        settings.over(features.preset(), features.options(), "conf/job.conf", files, orientation());
    Config preset = JobConfig.of(config, JobInput.class).preset();
    ProjectionRequest request =
        new ProjectionRequest(
            images == null ? dataset : images,
            ImageSample.of(uris(files), sample, seed.value()),
            config,
            MatcherChoice.of(preset, features.files(), hadoop),
            components,
            seed.value(),
            output.out());
    return new JobRun(new ProjectionRun(spark, request, System.err)).run(output, start);
  }

  private Orientation orientation() {
    return images == null ? Datasets.orientation(dataset) : Orientation.UPRIGHT;
  }

  private List<String> uris(HadoopFileStore files) {
    if (images != null) {
      return ImageList.list(FileStore.absolute(images), null, files, System.err::println).stream()
          .map(ImageList.Entry::uri)
          .toList();
    }
    Dataset opened = Datasets.open(dataset, files);
    opened.notes().forEach(System.err::println);
    return opened.pairs().stream()
        .flatMap(pair -> Stream.of(pair.source(), pair.target()))
        .toList();
  }

  private void checkUsage() {
    if ((images == null) == (dataset == null)) {
      throw new UsageException("Give either --images URI or --dataset LAYOUT:URI");
    }

    if (components < 1) {
      throw new UsageException("Invalid --components: must be positive, found " + components);
    }

    if (sample < 1) {
      throw new UsageException("Invalid --sample: must be positive, found " + sample);
    }
  }
}

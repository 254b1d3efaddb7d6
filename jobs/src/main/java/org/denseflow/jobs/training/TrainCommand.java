package org.denseflow.jobs.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.BackboneOptions;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.SeedOption;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.method.ConfiguredSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of TrainJob. */
@Command(
    name = "TrainJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains a system on synthetic and image pairs; leaves a model for DenseFlowJob --model.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration, or training diverged",
      " 4:infrastructure failed; run again with --resume"
    })
public final class TrainCommand implements Callable<ExitCode> {

  @Option(
      names = "--preset",
      required = true,
      description =
          "What to train and how: sfnet, sfnet-released, sfnet-compact, gsf, gsf-matching, gsf-sfnet, rtn, rtn-released, rtn-compact, codec, samnet, samnet-compact, samnet-no-attributes, samnet-distance, denseflow_s, scnet-a, scnet-ag, scnet-ag-plus, each also -released and -compact.")
  private String preset;

  @Option(
      names = "--pairs",
      paramLabel = "URI",
      description = "Output of a finished SyntheticPairJob, for stages on synthetic pairs.")
  private String pairs = "";

  @Option(
      names = "--image-pairs",
      paramLabel = "LAYOUT:URI",
      description =
          "Pairs of photographs, for stages on image pairs; a dataset as DenseFlowJob takes it.")
  private String imagePairs = "";

  @Mixin private BackboneOptions backbone;

  @Option(
      names = "--features",
      paramLabel = "URI",
      description =
          "Trained SFNet whose adaptation layers follow the backbone; the model will contain them (gsf).")
  private String features = "";

  @Option(
      names = "--codec",
      paramLabel = "URI",
      description =
          "Weights of VGG-19 to relu3_1 or relu4_1 and of a decoder; the model will contain them (samnet; codec, which trains the decoder and needs none at first).")
  private String codec = "";

  @Option(
      names = "--start",
      paramLabel = "URI",
      description =
          "Model of the same system and backbone whose parameters training starts with; what it lacks starts as in a new model. samnet can start from a model of rtn.")
  private String start = "";

  @Mixin private OutputOptions output;

  @Mixin private SeedOption seed;

  @Option(
      names = "--workers",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Workers that train side by side, one task slot each (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(names = "--steps", paramLabel = "N", description = "Updates, instead of the preset's.")
  private Integer steps;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder on each worker where prepared examples stay for other trainings; a temporary one otherwise.")
  private String cache = "";

  @Mixin private ConfigOptions settings;

  @Override
  public ExitCode call() {
    if (workers < 1) {
      throw new UsageException("Invalid --workers: must be positive, found " + workers);
    }

    if (steps != null && steps < 1) {
      throw new UsageException("Invalid --steps: must be positive, found " + steps);
    }

    StartMode begin = output.start();
    Config base = ConfiguredSystem.preset(preset);
    SparkSession spark = Sessions.open("TrainJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());
    Config resolved = settings.over(base, options(), "conf/train.conf", files, orientation());
    TrainRequest request =
        new TrainRequest(
            preset,
            resolved,
            pairs,
            imagePairs,
            photographs(files),
            new TrainFiles(backbone.weights(), features, codec, start),
            workers,
            output.out(),
            cache,
            seed.value());
    TrainRun run = new TrainRun(spark, request, System.err);

    if (!output.dryRun()) {
      run.requireSlots();
    }

    return new JobRun(run).run(output, begin);
  }

  private Optional<Dataset> photographs(HadoopFileStore files) {
    if (imagePairs.isEmpty()) {
      return Optional.empty();
    }
    Dataset opened = Datasets.openForTraining(imagePairs, files);
    opened.notes().forEach(System.err::println);
    return Optional.of(opened);
  }

  private Orientation orientation() {
    return imagePairs.isEmpty() ? Orientation.UPRIGHT : Datasets.orientation(imagePairs);
  }

  private Config options() {
    Config options = backbone.options();
    return steps == null
        ? options
        : options.withValue("training.steps", ConfigValueFactory.fromAnyRef(steps, "--steps"));
  }
}

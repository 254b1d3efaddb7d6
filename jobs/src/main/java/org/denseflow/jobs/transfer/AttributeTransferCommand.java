package org.denseflow.jobs.transfer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
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

/** The command line of AttributeTransferJob. */
@Command(
    name = "AttributeTransferJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Gives each pair's source image the colours and textures of its target where the two match.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 3:finished, but more pairs failed than --max-failed-fraction allows",
      " 4:infrastructure failed; run again with --resume"
    })
public final class AttributeTransferCommand implements Callable<ExitCode> {
  private static final String STRIP = "strip";

  /** Keys of a network that makes the images itself, and the keys that they are taken from. */
  private static final Map<String, String> NETWORK_KEYS =
      Map.of("recurrent.passes", "transfer.iterations", "recurrent.strength", "transfer.strength");

  @Mixin private PairOptions pairs;

  @Mixin private OutputOptions output;

  @Mixin private MethodOptions method;

  @Mixin private FeatureStoreOption features;

  @Option(
      names = "--codec",
      paramLabel = "URI",
      description =
          "Weight file of the image encoder and decoder: VGG-19 to relu3_1 and back, safetensors.")
  private String codec;

  @Option(
      names = "--iterations",
      paramLabel = "L",
      description = "How often matching and transfer follow each other (transfer.iterations).")
  private Integer iterations;

  @Option(
      names = "--strength",
      paramLabel = "S",
      description = "From 0, the source's attributes, to 1, the target's (transfer.strength).")
  private Double strength;

  @Option(
      names = "--mask",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "IMAGE",
      description =
          "Change the source inside its mask only: the dataset's, or for two images this file.")
  private String mask;

  @Mixin private ConfigOptions settings;

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "FILES",
      description =
          "Files to write besides the table: png, the stylised images, and strip, all iterations of a pair (default for two images: both).")
  private List<String> write = new ArrayList<>();

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    checkUsage();
    StartMode start = pairs.start(batch, output);
    SparkSession spark = Sessions.open("AttributeTransferJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());

    if (mask != null && pairs.loose()) {
      pairs.maskSource(mask);
    }

    RunRequest request =
        new RunRequest(
            pairs.address(),
            pairs.read(spark, files, false, mask != null, batch.limit()),
            config(files),
            method.files(),
            output.out(),
            tables(),
            batch.maxFailedFraction(pairs));
    TransferJob job = new TransferJob(spark, request, codec, mask != null, features, System.err);
    return new JobRun(new PairRun(spark, request, job, System.err)).run(output, start);
  }

  private void checkUsage() {
    pairs.check();
    batch.check();

    if (codec == null) {
      throw new UsageException(
          "Missing --codec: attribute transfer needs the weights of an image encoder and decoder,"
              + " VGG-19 to relu3_1 and back as of AdaIN or WCT, as a safetensors file with the"
              + " tensors encoder.* and decoder.*");
    }

    for (String files : write) {
      if (!TransferJob.FILES.containsKey(files)) {
        throw new UsageException("Invalid --write: %s, expected png or strip".formatted(files));
      }
    }

    if (mask != null && pairs.loose() == mask.isEmpty()) {
      throw new UsageException(
          pairs.loose()
              ? "Invalid --mask: give the source's mask as a file, --mask IMAGE"
              : "Invalid --mask: with --dataset the masks are the dataset's; pass --mask alone, found "
                  + mask);
    }
  }

  private Config config(HadoopFileStore files) {
    Config options = ConfigFactory.empty();

    if (iterations != null) {
      options = options.withValue("transfer.iterations", value(iterations, "--iterations"));
    }

    if (strength != null) {
      options = options.withValue("transfer.strength", value(strength, "--strength"));
    }

    if (tables().contains(STRIP)) {
      options = options.withValue(STRIP, value("keep", "--write strip"));
    }

    Config preset = Presets.of("transfer", "attribute").withFallback(method.preset());
    options = features.over(options.withFallback(method.options()));
    Config all = settings.over(preset, options, "conf/pairs.conf", files, pairs.orientation());
    return all.hasPath("recurrent.strength") ? network(all, settings.own(files)) : all;
  }

  /**
   * A network that makes the images itself takes both from its own keys.
   *
   * @param own what the user has set
   * @throws UsageException if the user has set those keys, which would be set to something else
   */
  private static Config network(Config config, Config own) {
    NETWORK_KEYS.forEach(
        (key, source) -> {
          if (own.hasPath(key) && own.getDouble(key) != config.getDouble(source)) {
            throw new UsageException(
                "Invalid %s: %s, AttributeTransferJob takes it from %s, which is %s; set that instead"
                    .formatted(key, own.getNumber(key), source, config.getNumber(source)));
          }
        });
    Config network = config.withValue("steps", value("keep", "AttributeTransferJob"));

    for (Map.Entry<String, String> key : NETWORK_KEYS.entrySet()) {
      network = network.withValue(key.getKey(), config.getValue(key.getValue()));
    }

    return network;
  }

  private static com.typesafe.config.ConfigValue value(Object value, String option) {
    return ConfigValueFactory.fromAnyRef(value, option);
  }

  private List<String> tables() {
    return write.isEmpty() && pairs.loose()
        ? List.of("png", STRIP)
        : write.stream().distinct().toList();
  }
}

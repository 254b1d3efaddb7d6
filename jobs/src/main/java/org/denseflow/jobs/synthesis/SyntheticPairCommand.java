package org.denseflow.jobs.synthesis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.BatchOptions;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.SeedOption;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.PairRequest.Materialise;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of SyntheticPairJob. */
@Command(
    name = "SyntheticPairJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes pairs of views from single images by random geometry, with exact ground truth.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 3:finished, but more pairs failed than --max-failed-fraction allows",
      " 4:infrastructure failed; run again with --resume"
    })
public final class SyntheticPairCommand implements Callable<ExitCode> {

  @Option(
      names = "--images",
      required = true,
      paramLabel = "URI",
      description =
          "Folder with images, searched with its sub-folders (NAME_mask.png is no image), or a .txt file with one path per line.")
  private String images;

  @Option(
      names = "--masks",
      paramLabel = "URI",
      description = "Folder with a mask for each image: the image's path, ending in .png.")
  private String masks;

  @Option(
      names = "--pairs-per-image",
      defaultValue = "1",
      paramLabel = "N",
      description = "Pairs of each image (default: ${DEFAULT-VALUE}).")
  private int pairsPerImage;

  @Option(
      names = "--preset",
      defaultValue = "cnngeometric",
      description =
          "Ranges to draw from: cnngeometric, weakalign, sfnet, rtn (default: ${DEFAULT-VALUE}).")
  private String preset;

  @Option(
      names = "--materialise",
      defaultValue = "recipe",
      paramLabel = "recipe|pixels",
      description =
          "Store parameters only, or both views as well (default: ${DEFAULT-VALUE}). Views made of"
              + " a recipe later are the same, bit for bit.")
  private String materialise;

  @Mixin private OutputOptions output;

  @Mixin private SeedOption seed;

  @Mixin private ConfigOptions settings;

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "TABLE",
      description = "What to write besides pairs: fields (dense flow both ways, with validity).")
  private List<String> write = new ArrayList<>();

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    Materialise kind = checkUsage();
    StartMode start = batch.start(output);
    Config base = Presets.of("synthesis", preset);
    SparkSession spark = Sessions.open("SyntheticPairJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());
    List<ImageList.Entry> list = ImageList.list(images, masks, files, System.err::println);
    PairRequest request =
        new PairRequest(
            images,
            batch.of(list),
            settings.over(
                base,
                ConfigFactory.empty(),
                "conf/synthetic-pairs.conf",
                files,
                Orientation.UPRIGHT),
            preset,
            pairsPerImage,
            kind,
            write.contains("fields"),
            output.out(),
            seed.value(),
            batch.maxFailedFraction());
    return new JobRun(new SyntheticPairRun(spark, request, System.err)).run(output, start);
  }

  private Materialise checkUsage() {
    if (pairsPerImage < 1) {
      throw new UsageException(
          "Invalid --pairs-per-image: must be positive, found " + pairsPerImage);
    }

    batch.check();

    for (String table : write) {
      if (!List.of("pairs", "fields").contains(table)) {
        throw new UsageException("Invalid --write: %s, expected fields".formatted(table));
      }
    }

    try {
      return Materialise.valueOf(materialise.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "Invalid --materialise: %s, expected recipe or pixels".formatted(materialise));
    }
  }
}

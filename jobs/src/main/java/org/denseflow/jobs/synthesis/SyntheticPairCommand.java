package org.denseflow.jobs.synthesis;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.synthesis.PairRequest.Materialise;
import org.denseflow.schemas.Presets;
import picocli.CommandLine.Command;
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
          "Folder with images, searched with its sub-folders, or a .txt file with one path per line.")
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

  @Option(names = "--out", required = true, paramLabel = "URI", description = "Output directory.")
  private String out;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description =
          "A pair depends on the seed, its image's id and its index alone (default: ${DEFAULT-VALUE}).")
  private long seed;

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
      description = "What to leave besides pairs: fields (dense flow both ways, with validity).")
  private List<String> write = new ArrayList<>();

  @Option(names = "--resume", description = "Continue a run; committed chunks are kept.")
  private boolean resume;

  @Option(
      names = "--dry-run",
      description = "Print configuration, plan and estimated size; write nothing.")
  private boolean dryRun;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N images.")
  private Integer limit;

  @Option(
      names = "--max-failed-fraction",
      defaultValue = "1",
      paramLabel = "F",
      description = "Exit with 3 when a larger share of pairs failed (default: ${DEFAULT-VALUE}).")
  private double maxFailedFraction;

  @Override
  public ExitCode call() {
    Materialise kind = checkUsage();
    Config base =
        Presets.synthesis(preset)
            .withFallback(
                ConfigFactory.parseResources(
                    getClass().getClassLoader(), "conf/synthetic-pairs.conf"));
    SparkSession spark = Sessions.open("SyntheticPairJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());
    Config file =
        config == null ? ConfigFactory.empty() : Presets.parse(files.text(config), config);
    List<ImageList.Entry> list = ImageList.list(images, masks, files);
    PairRequest request =
        new PairRequest(
            images,
            limit == null ? list : list.subList(0, Math.min(limit, list.size())),
            Presets.overrides(settings).withFallback(file).withFallback(base),
            preset,
            pairsPerImage,
            kind,
            write.contains("fields"),
            out,
            seed,
            maxFailedFraction);
    SyntheticPairRun run = new SyntheticPairRun(spark, request, System.err);
    return dryRun ? run.describe(System.out) : run.execute(resume);
  }

  private Materialise checkUsage() {
    if (pairsPerImage < 1) {
      throw new UsageException(
          "Invalid --pairs-per-image: must be positive, found " + pairsPerImage);
    }

    if (limit != null && limit < 1) {
      throw new UsageException("Invalid --limit: must be positive, found " + limit);
    }

    if (!(maxFailedFraction >= 0 && maxFailedFraction <= 1)) {
      throw new UsageException(
          "Invalid --max-failed-fraction: must be 0 to 1, found " + maxFailedFraction);
    }

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

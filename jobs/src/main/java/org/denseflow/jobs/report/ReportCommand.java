package org.denseflow.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of ReportJob. */
@Command(
    name = "ReportJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes a gallery of a finished run: pages that any browser opens, without a server or a network.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {" 0:done", " 2:bad usage", " 4:infrastructure failed"})
public final class ReportCommand implements Callable<ExitCode> {
  private static final List<GalleryItemMaker> MAKERS =
      List.of(new FlowItems(), new MaskItems(), new StylisedItems());

  @Option(
      names = "--run",
      required = true,
      paramLabel = "URI",
      description = "Output of DenseFlowJob, MaskTransferJob or AttributeTransferJob.")
  private String run;

  @Option(
      names = "--scores",
      paramLabel = "URI",
      description = "Output of EvaluateJob for this run: its scores are shown too.")
  private String scores;

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "Where the gallery goes (default: report in the run's folder).")
  private String out;

  @Option(
      names = "--limit",
      defaultValue = "10000",
      paramLabel = "N",
      description =
          "At most N entries, an even sample where there are more (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--side",
      defaultValue = "224",
      paramLabel = "PIXELS",
      description = "The longest side of a picture (default: ${DEFAULT-VALUE}).")
  private int side;

  @Override
  public ExitCode call() {
    if (limit < 1 || side < 16) {
      throw new UsageException(
          "Invalid --limit or --side: must be at least 1 and 16, found %d and %d"
              .formatted(limit, side));
    }

    SparkSession spark = Sessions.open("ReportJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    RunDirectory directory = new RunDirectory(run, hadoop);
    RunManifest manifest =
        directory
            .manifest()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot report %s: it has no run.json; finish the run first, with --resume"
                            .formatted(run)));
    GalleryItemMaker maker = maker(manifest);
    String gallery = out == null ? directory.table("report") : out;
    RunDirectory target = new RunDirectory(gallery, hadoop);
    target.requireWritable();
    Map<String, Map<String, Double>> evaluated =
        scores == null ? Map.of() : PairScores.read(spark, new RunDirectory(scores, hadoop));
    List<GalleryItem> items = items(spark, directory, manifest, maker, target.uri(), evaluated);
    List<String> order = new ArrayList<>();
    evaluated.values().stream().findFirst().ifPresent(one -> order.addAll(one.keySet()));
    order.addAll(maker.scores().keySet());
    new Gallery(facts(manifest, maker, items), items, order).write(target::replace);
    System.out.printf(
        "gallery of %s: %s%n",
        Counted.of(items.size(), maker.things()), target.table("index.html"));
    return ExitCode.DONE;
  }

  private static GalleryItemMaker maker(RunManifest manifest) {
    return MAKERS.stream()
        .filter(maker -> manifest.tables().contains(maker.table()))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "Cannot report a run of %s: it has the tables %s, pictures are made of %s"
                        .formatted(
                            manifest.job(),
                            manifest.tables(),
                            MAKERS.stream().map(GalleryItemMaker::table).toList())));
  }

  private List<GalleryItem> items(
      SparkSession spark,
      RunDirectory directory,
      RunManifest manifest,
      GalleryItemMaker maker,
      String gallery,
      Map<String, Map<String, Double>> evaluated) {
    Dataset<Row> all =
        ParquetTables.read(spark, maker.schema(), directory.table(maker.table()))
            .where(maker.where());
    Dataset<Row> rows = all.count() > limit ? drawn(all, maker) : all;
    Reading reading = Reading.of(manifest);
    SerializableConfiguration storage =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    int pixels = side;
    List<GalleryItem> items =
        new ArrayList<>(
            rows.javaRDD()
                .mapPartitions(
                    part ->
                        made(
                            part, maker, new Thumbnails(gallery, pixels, reading, storage.value())))
                .collect());
    items.replaceAll(item -> scored(item, evaluated.getOrDefault(item.id(), Map.of())));
    items.sort(Comparator.comparing(GalleryItem::category).thenComparing(GalleryItem::id));
    return items;
  }

  /** At most {@code limit} rows, chosen by a hash of their ids. */
  private Dataset<Row> drawn(Dataset<Row> all, GalleryItemMaker maker) {
    Dataset<Row> ids =
        all.select(maker.id())
            .orderBy(functions.xxhash64(functions.col(maker.id())), functions.col(maker.id()))
            .limit(limit);
    return all.join(functions.broadcast(ids), maker.id());
  }

  private static Iterator<GalleryItem> made(
      Iterator<Row> rows, GalleryItemMaker maker, Thumbnails thumbnails) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public GalleryItem next() {
        return maker.item(rows.next(), thumbnails);
      }
    };
  }

  private static GalleryItem scored(GalleryItem item, Map<String, Double> scores) {
    Map<String, Double> all = new TreeMap<>(item.scores());
    all.putAll(scores);
    return new GalleryItem(
        item.id(), item.category(), item.code(), item.detail(), all, item.panels());
  }

  private static Gallery.Facts facts(
      RunManifest manifest, GalleryItemMaker maker, List<GalleryItem> items) {
    long failed = items.stream().filter(item -> !item.code().isEmpty()).count();
    String about =
        "%s with %s on %s; %s shown, %d failed"
            .formatted(
                manifest.job(),
                manifest.input("method"),
                manifest.input("backbone"),
                Counted.of(items.size(), maker.things()),
                failed);
    Map<String, String> inputs = new TreeMap<>(manifest.inputs());
    inputs.put("versions", String.join(", ", manifest.versions()));
    manifest.counts().forEach((name, count) -> inputs.put("count of " + name, count.toString()));
    return new Gallery.Facts(
        "DenseFlow: " + manifest.input("dataset").replaceAll(".*/", ""),
        about,
        maker.things(),
        inputs,
        Presets.readable(Presets.ofRun(manifest.config())));
  }
}

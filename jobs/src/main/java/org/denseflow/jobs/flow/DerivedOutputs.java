package org.denseflow.jobs.flow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.flow.ContactSheet;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowColors;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Pictures;
import org.denseflow.flow.PixelFlow;
import org.denseflow.flow.Warp;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.PairFiles;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.matcher.Match;

/**
 * Outputs that are made of committed flows on request: warps as a table, .flo and pictures as
 * files. Where flows have steps, they are drawn too.
 */
public final class DerivedOutputs {
  static final ResultNumber WARPS_RESULTS = new ResultNumber("warps", 1);
  static final ResultNumber FLO_RESULTS = new ResultNumber("flo", 1);
  static final ResultNumber PNG_RESULTS = new ResultNumber("png", 1);

  /** The tables that can be asked for. */
  static final List<String> TABLES =
      List.of(WARPS_RESULTS.name(), FLO_RESULTS.name(), PNG_RESULTS.name());

  private static final int STEP_CELL = 240;
  private static final StructType WARPS =
      new StructType()
          .add("pair_id", DataTypes.StringType)
          .add("category", DataTypes.StringType)
          .add("warp_png", DataTypes.BinaryType);

  /** The {@code warps} table as runs are compared by it. */
  public static final RunTable WARPS_TABLE =
      new RunTable(
          WARPS_RESULTS.name(),
          WARPS,
          List.of("pair_id"),
          Set.of(),
          Map.of("warp_png", RunTable.Stored.IMAGE));

  private DerivedOutputs() {}

  /** Writes one chunk of one derived table from the committed flows of that chunk. */
  static void write(
      SparkSession spark,
      RunDirectory run,
      String table,
      int chunk,
      int generation,
      Reading reading,
      SerializableConfiguration configuration) {
    Dataset<Row> flows =
        run.chunk("flows", chunk).read(spark, FlowTable.SCHEMA).where("status = 'ok'");
    Chunk derived = run.chunk(table, chunk);

    if (table.equals("warps")) {
      JavaRDD<Row> warps =
          flows.javaRDD().mapPartitions(rows -> warps(rows, reading, configuration.value()));
      derived.write(spark.createDataFrame(warps, WARPS), generation);
    } else {
      String to = derived.uri();
      boolean needsPixels = table.equals("png");
      flows
          .javaRDD()
          .foreachPartition(
              rows -> {
                ImageCache images = new ImageCache(configuration.value(), reading);

                while (rows.hasNext()) {
                  Row row = rows.next();
                  Images pair = needsPixels ? images.of(row) : null;
                  PairFiles.save(
                      to, row.getAs("pair_id"), filesOf(table, row, pair), configuration.value());
                }
              });
      derived.mark(generation);
    }
  }

  /** The flow in source pixels. */
  static PixelFlow pixels(Row row) {
    return PixelFlow.of(FlowTable.flow(row), FlowTable.source(row), FlowTable.target(row));
  }

  /** Both images of a row. */
  record Images(RgbImage source, RgbImage target) {}

  private static Map<String, byte[]> filesOf(String table, Row row, Images images) {
    return table.equals("flo") ? flo(row) : pictures(row, images);
  }

  private static Map<String, byte[]> flo(Row row) {
    return Map.of(".flo", FloFile.write(pixels(row)));
  }

  private static Map<String, byte[]> pictures(Row row, Images images) {
    RgbImage warp = Warp.backward(images.target(), FlowTable.flow(row), images.source().size());
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(".flow.png", ImageEncoder.png(FlowColors.render(pixels(row))));
    files.put(".warp.png", ImageEncoder.png(warp));
    files.put(".overlay.png", ImageEncoder.png(Pictures.overlay(images.source(), warp)));
    List<Match.Step> steps = FlowTable.steps(row);

    if (!steps.isEmpty()) {
      files.put(".steps.png", ImageEncoder.png(steps(steps, images)));
    }

    return files;
  }

  /**
   * Each step's cells in the source and, below and in the same colours, in the target; below that
   * the stylised images, where there are any.
   */
  private static RgbImage steps(List<Match.Step> steps, Images images) {
    List<RgbImage> sources = new ArrayList<>();
    List<RgbImage> targets = new ArrayList<>();

    for (Match.Step step : steps) {
      sources.add(Pictures.cells(images.source(), step.field()));
      targets.add(Pictures.matches(images.target(), step.field()));
    }

    List<List<RgbImage>> rows = new ArrayList<>(List.of(sources, targets));
    List<RgbImage> stylised = steps.stream().flatMap(step -> step.stylised().stream()).toList();

    if (stylised.size() == steps.size()) {
      rows.add(stylised);
    }

    return ContactSheet.draw(steps.stream().map(Match.Step::name).toList(), rows, STEP_CELL);
  }

  private static Iterator<Row> warps(
      Iterator<Row> rows, Reading reading, Configuration configuration) {
    ImageCache images = new ImageCache(configuration, reading);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        Images pair = images.of(row);
        FlowField flow = FlowTable.flow(row);
        RgbImage warp = Warp.backward(pair.target(), flow, pair.source().size());
        return RowFactory.create(
            row.getAs("pair_id"), row.getAs("category"), ImageEncoder.png(warp));
      }
    };
  }

  /** The last few images: rows come sorted by source. */
  static final class ImageCache {
    private static final int SIZE = 16;

    private final ImageLoader loader;
    private final Map<String, RgbImage> images =
        new LinkedHashMap<>(SIZE, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, RgbImage> eldest) {
            return size() > SIZE;
          }
        };

    ImageCache(Configuration configuration, Reading reading) {
      this.loader = new ImageLoader(configuration, reading);
    }

    Images of(Row row) {
      return new Images(image(row.getAs("source")), image(row.getAs("target")));
    }

    private RgbImage image(String uri) {
      return images.computeIfAbsent(uri, this::load);
    }

    private RgbImage load(String uri) {
      try {
        ImageLoader.Loaded loaded = loader.load(uri);

        if (loaded.failure() != null) {
          throw new IllegalStateException(
              "Cannot draw pictures: %s has changed since it was matched: %s"
                  .formatted(uri, loaded.failure().detail()));
        }

        return loaded.image();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("Cannot read " + uri, e);
      }
    }
  }

  /** One row of pictures for the contact sheet: source, target, warp, overlay, flow, confidence. */
  static List<RgbImage> sheetRow(Row row, Images images) {
    FlowField flow = FlowTable.flow(row);
    RgbImage source = images.source();
    RgbImage warp = Warp.backward(images.target(), flow, source.size());
    List<RgbImage> pictures = new ArrayList<>();
    pictures.add(source);
    pictures.add(images.target());
    pictures.add(warp);
    pictures.add(Pictures.overlay(source, warp));
    pictures.add(FlowColors.render(pixels(row)));
    pictures.add(Pictures.confidence(flow, source.size()));
    return pictures;
  }
}

package org.denseflow.jobs.synthesis;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.PairRenderer;
import org.denseflow.synthesis.SyntheticPair;

/**
 * Reads the pairs of a finished run for training, in the order of the table: views are decoded
 * where the row has them and rendered from the image where it has a recipe only. Failed rows are
 * passed over.
 */
public final class SyntheticPairs implements Iterator<SyntheticPair> {
  private final Iterator<Row> rows;
  private final ObjectLoader loader;
  private final Reading reading;
  private PairRenderer renderer;
  private Row next;

  /** Reads rows of {@link PairTable}. */
  public SyntheticPairs(Iterator<Row> rows, Configuration configuration, Reading reading) {
    this.rows = rows;
    this.reading = reading;
    this.loader = new ObjectLoader(configuration, reading);
  }

  /**
   * The pairs table of a finished run; a file of it is a partition.
   *
   * @throws UsageException if the run is not finished
   */
  public static Dataset<Row> table(SparkSession spark, String uri) {
    RunDirectory run = new RunDirectory(uri, spark.sparkContext().hadoopConfiguration());
    manifest(run);
    return ParquetTables.read(spark, PairTable.SCHEMA, run.table("pairs")).drop("chunk");
  }

  /**
   * How a finished run read its images, and its recipes are to be rendered.
   *
   * @throws UsageException if the run is not finished
   */
  public static Reading reading(SparkSession spark, String uri) {
    RunDirectory run = new RunDirectory(uri, spark.sparkContext().hadoopConfiguration());
    return Reading.of(manifest(run));
  }

  private static RunManifest manifest(RunDirectory run) {
    return run.manifest()
        .orElseThrow(
            () ->
                new UsageException(
                    ("Cannot read pairs from %s: it has no run.json; finish SyntheticPairJob first,"
                            + " with --resume")
                        .formatted(run.uri())));
  }

  /** As {@link #table}, without stored pixels: views are rendered, which gives the same ones. */
  public static Dataset<Row> recipes(SparkSession spark, String uri) {
    Dataset<Row> table = table(spark, uri);

    for (String column :
        List.of("encoding", "source_view", "target_view", "source_mask", "target_mask")) {
      table =
          table.withColumn(
              column, functions.lit(null).cast(table.schema().apply(column).dataType()));
    }

    return table;
  }

  @Override
  public boolean hasNext() {
    while (next == null && rows.hasNext()) {
      Row row = rows.next();
      next = PairTable.OK.equals(row.getAs("status")) ? row : null;
    }

    return next != null;
  }

  @Override
  public SyntheticPair next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }

    Row row = next;
    next = null;
    PairRecipe recipe = PairTable.recipe(row);
    return row.getAs("encoding") == null ? rendered(row, recipe) : stored(row, recipe);
  }

  private SyntheticPair rendered(Row row, PairRecipe recipe) {
    ObjectLoader.Loaded loaded = loader.load(row.getAs("image"), row.getAs("mask"));

    if (loaded.failure() != null) {
      throw new IllegalStateException(
          "Cannot render %s: its image has changed since its recipe was drawn: %s"
              .formatted(row.getAs("pair_id"), loaded.failure().detail()));
    }

    if (renderer == null) {
      renderer = new PairRenderer(recipe.viewWidth(), recipe.viewHeight());
    }

    return renderer.render(recipe, loaded.image(), loaded.mask());
  }

  private SyntheticPair stored(Row row, PairRecipe recipe) {
    return new SyntheticPair(
        recipe,
        image(row, "source_view"),
        image(row, "target_view"),
        mask(row, "source_mask"),
        mask(row, "target_mask"));
  }

  private RgbImage image(Row row, String column) {
    try {
      return ImageDecoder.decode(row.getAs(column), reading.limits().decoder()).image();
    } catch (ImageException e) {
      throw new IllegalStateException(
          "Cannot decode %s of %s: %s".formatted(column, row.getAs("pair_id"), e.getMessage()), e);
    }
  }

  private Mask mask(Row row, String column) {
    return row.isNullAt(row.fieldIndex(column)) ? null : MaskDecoder.of(image(row, column));
  }
}

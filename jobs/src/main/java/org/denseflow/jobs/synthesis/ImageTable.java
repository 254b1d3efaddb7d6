package org.denseflow.jobs.synthesis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.synthesis.ImageFacts;

/**
 * The {@code images} table, version 1: one row per image, also for one that cannot be used. It has
 * what drawing a recipe needs, so that drawing reads no image twice.
 */
public final class ImageTable {
  /** Its name and the number of its rows. */
  static final ResultNumber RESULTS = new ResultNumber("images", 1);

  static final String OK = "ok";
  static final String FAILED = "failed";

  static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.StringType)
          .add("image", DataTypes.StringType)
          .add("mask", DataTypes.StringType)
          .add("status", DataTypes.StringType)
          .add("error_code", DataTypes.StringType)
          .add("error_detail", DataTypes.StringType)
          .add("width", DataTypes.IntegerType)
          .add("height", DataTypes.IntegerType)
          .add("mean_grey", DataTypes.DoubleType)
          .add("foreground", DataTypes.BinaryType)
          .add("orientation", DataTypes.IntegerType, true, Orientations.COMMENT);

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("image_id"),
          Set.of(),
          Map.of("foreground", RunTable.Stored.BYTES));

  private ImageTable() {}

  /** Reads an image and makes its row. */
  static Row row(ImageList.Entry entry, ObjectLoader loader) {
    ObjectLoader.Loaded loaded = loader.load(entry.uri(), entry.mask());

    if (loaded.failure() != null) {
      return RowFactory.create(
          entry.id(),
          entry.uri(),
          entry.mask(),
          FAILED,
          loaded.failure().code(),
          loaded.failure().detail(),
          null,
          null,
          null,
          null,
          null);
    }

    ImageFacts facts = ImageFacts.of(loaded.image(), loaded.mask());
    return RowFactory.create(
        entry.id(),
        entry.uri(),
        entry.mask(),
        OK,
        null,
        null,
        facts.width(),
        facts.height(),
        facts.meanGrey(),
        facts.foreground(),
        loaded.orientation());
  }

  /** The facts of a row whose status is ok. */
  static ImageFacts facts(Row row) {
    return new ImageFacts(
        row.getAs("width"), row.getAs("height"), row.getAs("mean_grey"), row.getAs("foreground"));
  }
}

package org.denseflow.jobs.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.matcher.StoredCells;

/**
 * The {@code features} table, version 1: one row per image, also for one that cannot be read. The
 * features are the last column, so that the others lie together.
 */
public final class FeatureTable {
  /**
   * Its name and the number of its rows, which is raised too when a backbone or its preparation of
   * images gives other features.
   */
  public static final ResultNumber RESULTS = new ResultNumber("features", 1);

  static final String OK = "ok";
  static final String FEATURES = "features";

  private static final StructType MAP =
      new StructType()
          .add("tap", DataTypes.StringType)
          .add("channels", DataTypes.IntegerType)
          .add("mirrored", DataTypes.BooleanType, true, "of the mirrored image");

  /** The columns. */
  public static final StructType SCHEMA =
      new StructType()
          .add("image", DataTypes.StringType, true, "URI")
          .add("status", DataTypes.StringType, true, "ok or failed")
          .add("error_code", DataTypes.StringType, true, "stable code, null when ok")
          .add("error_detail", DataTypes.StringType, true, "reason for people, null when ok")
          .add("file_bytes", DataTypes.LongType, true, "size of the image's file")
          .add("file_digest", DataTypes.StringType, true, "SHA-256 of the image's file")
          .add("width", DataTypes.IntegerType, true, "pixels")
          .add("height", DataTypes.IntegerType, true, "pixels")
          .add("orientation", DataTypes.IntegerType, true, Orientations.COMMENT)
          .add("grid_width", DataTypes.IntegerType, true, "cells")
          .add("grid_height", DataTypes.IntegerType, true, "cells")
          .add("maps", DataTypes.createArrayType(MAP), true, "in the order of the features")
          .add("format", DataTypes.IntegerType, true, "of the features")
          .add(
              FEATURES,
              DataTypes.BinaryType,
              true,
              "[grid_height, grid_width, channels] of each map, f16le");

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(RESULTS.name(), SCHEMA, List.of("image"), Set.of(), Map.of());

  /** How its files are written: an image's features are a page, which is read alone. */
  public static final Map<String, String> PARQUET = Map.of("parquet.page.row.count.limit", "1");

  private FeatureTable() {}

  /** The row of an image that was described. */
  public static Row row(String image, ImageLoader.Loaded loaded, StoredCells features) {
    return RowFactory.create(
        image,
        OK,
        null,
        null,
        loaded.stored().fileBytes(),
        loaded.stored().fileDigest(),
        features.size().width(),
        features.size().height(),
        loaded.orientation(),
        features.grid().width(),
        features.grid().height(),
        features.maps().stream()
            .map(map -> RowFactory.create(map.tap(), map.channels(), map.mirrored()))
            .toArray(),
        StoredCells.FORMAT,
        features.values());
  }

  /** The row of an image that cannot be read. */
  public static Row failed(String image, ImageFailure failure) {
    Object[] cells = new Object[SCHEMA.size()];
    cells[0] = image;
    cells[1] = "failed";
    cells[2] = failure.code();
    cells[3] = failure.detail();
    return RowFactory.create(cells);
  }
}

package org.denseflow.jobs.transfer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.transfer.TransferScores;

/** The {@code stylised} table, version 1: one row per pair, also for a pair that failed. */
public final class StylisedTable {

  /** Its name and the number of its rows. */
  public static final ResultNumber RESULTS = new ResultNumber("stylised", 1);

  /** The columns. */
  public static final StructType SCHEMA =
      new StructType()
          .add(column("pair_id", DataTypes.StringType, "unique within the run"))
          .add(column("category", DataTypes.StringType, "object class, empty without"))
          .add(column("source", DataTypes.StringType, "URI; gives the content"))
          .add(column("target", DataTypes.StringType, "URI; gives the attributes"))
          .add(column("status", DataTypes.StringType, "ok or failed"))
          .add(column("error_code", DataTypes.StringType, "stable code, null when ok"))
          .add(column("error_detail", DataTypes.StringType, "reason for people, null when ok"))
          .add(column("width", DataTypes.IntegerType, "of the stylised image, pixels"))
          .add(column("height", DataTypes.IntegerType, "of the stylised image, pixels"))
          .add(column("stylised_png", DataTypes.BinaryType, "the source with the attributes"))
          .add(column("colour_moved", DataTypes.DoubleType, "0 at the source, 1 at the target"))
          .add(column("gram_moved", DataTypes.DoubleType, "0 at the source, 1 at the target"))
          .add(column("content", DataTypes.DoubleType, "relu3_1 distance to the source, relative"))
          .add(column("warp_content", DataTypes.DoubleType, "the same of the warped target"))
          .add(column("edges", DataTypes.DoubleType, "correlation with the source's edges"))
          .add(column("warp_edges", DataTypes.DoubleType, "the same of the warped target"))
          .add(column("seconds", DataTypes.DoubleType, "that the pair took"))
          .add(column("strip_png", DataTypes.BinaryType, "all iterations, null unless asked for"))
          .add(column("tile", DataTypes.IntegerType, "tile of the plan"))
          .add(column("source_orientation", DataTypes.IntegerType, Orientations.COMMENT))
          .add(column("target_orientation", DataTypes.IntegerType, Orientations.COMMENT));

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("pair_id"),
          Set.of("seconds", "tile"),
          Map.of("stylised_png", RunTable.Stored.IMAGE, "strip_png", RunTable.Stored.IMAGE));

  private StylisedTable() {}

  /**
   * The row of a pair with a stylised image.
   *
   * @param strip PNG, null without
   */
  static Row row(
      PlannedPair pair,
      RgbImage stylised,
      TransferScores scores,
      double seconds,
      byte[] strip,
      int tile) {
    return RowFactory.create(
        pair.pairId(),
        pair.category(),
        pair.source(),
        pair.target(),
        FlowTable.OK,
        null,
        null,
        stylised.width(),
        stylised.height(),
        ImageEncoder.png(stylised),
        scores.colourMoved(),
        scores.gramMoved(),
        scores.content(),
        scores.warpContent(),
        scores.edges(),
        scores.warpEdges(),
        seconds,
        strip,
        tile,
        null,
        null);
  }

  /** The row of a pair that failed. */
  static Row failed(PlannedPair pair, ImageFailure failure, int tile) {
    Object[] cells = new Object[SCHEMA.size()];
    cells[0] = pair.pairId();
    cells[1] = pair.category();
    cells[2] = pair.source();
    cells[3] = pair.target();
    cells[4] = FlowTable.FAILED;
    cells[5] = failure.code();
    cells[6] = failure.detail();
    cells[SCHEMA.fieldIndex("tile")] = tile;
    return RowFactory.create(cells);
  }

  private static StructField column(String name, DataType type, String comment) {
    return DataTypes.createStructField(
        name, type, true, new MetadataBuilder().putString("comment", comment).build());
  }
}

package org.denseflow.jobs.masks;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunTable;

/**
 * The {@code masks} table, version 1: one row per target, also for a target that failed, and one
 * per exemplar and tile, which says whether it could be used.
 */
public final class MaskTable {
  /** Its name and the number of its rows. */
  public static final ResultNumber RESULTS = new ResultNumber("masks", 1);

  /** The role of an image that gets a mask. */
  public static final String TARGET = "target";

  /** The role of an image that gives its mask. */
  public static final String EXEMPLAR = "exemplar";

  /** A used exemplar's columns. */
  static final StructType VOTER =
      new StructType()
          .add(column("image_id", DataTypes.StringType, "of the exemplar"))
          .add(column("image", DataTypes.StringType, "URI"))
          .add(column("similarity", DataTypes.DoubleType, "cosine of centred global features"))
          .add(column("score", DataTypes.DoubleType, "mean cosine of the matched cells"))
          .add(column("weight", DataTypes.DoubleType, "its part of the vote, 0..1"))
          .add(column("agreement", DataTypes.DoubleType, "soft IoU of its own mask and the fused"));

  /** The columns. */
  public static final StructType SCHEMA =
      new StructType()
          .add(column("image_id", DataTypes.StringType, "unique within the dataset"))
          .add(column("category", DataTypes.StringType, "object class, empty without"))
          .add(column("image", DataTypes.StringType, "URI"))
          .add(column("role", DataTypes.StringType, "target or exemplar"))
          .add(column("status", DataTypes.StringType, "ok or failed"))
          .add(column("error_code", DataTypes.StringType, "stable code, null when ok"))
          .add(column("error_detail", DataTypes.StringType, "reason for people, null when ok"))
          .add(column("width", DataTypes.IntegerType, "of the image, pixels"))
          .add(column("height", DataTypes.IntegerType, "of the image, pixels"))
          .add(column("orientation", DataTypes.IntegerType, Orientations.COMMENT))
          .add(column("mask_png", DataTypes.BinaryType, "binary, of the image's size"))
          .add(column("soft_png", DataTypes.BinaryType, "grey 0..255 on the frame, working size"))
          .add(
              column(
                  "frame",
                  DataTypes.createArrayType(DataTypes.IntegerType),
                  "x, y, width, height in pixels of the image: what soft_png shows"))
          .add(column("rle", DataTypes.StringType, "COCO counts, size [height, width]"))
          .add(column("agreement", DataTypes.DoubleType, "how far to trust it, 0..1"))
          .add(column("vote_agreement", DataTypes.DoubleType, "of the voters, 0..1"))
          .add(column("certainty", DataTypes.DoubleType, "mean of the soft mask in the mask, 0..1"))
          .add(column("stability", DataTypes.DoubleType, "IoU with a freer refinement's mask"))
          .add(column("area", DataTypes.DoubleType, "the mask's share of the image"))
          .add(
              column("exemplars", DataTypes.createArrayType(VOTER), "that voted, best score first"))
          .add(column("evaluated", DataTypes.IntegerType, "exemplars matched"))
          .add(column("skipped", DataTypes.IntegerType, "exemplars the shortlist left out"))
          .add(column("iou", DataTypes.DoubleType, "with the dataset's mask, null without"))
          .add(column("lt_acc", DataTypes.DoubleType, "share of pixels that agree"))
          .add(column("fused_iou", DataTypes.DoubleType, "before refinement"))
          .add(column("best_iou", DataTypes.DoubleType, "of the best-scored exemplar alone"))
          .add(column("copy_iou", DataTypes.DoubleType, "of the first exemplar's mask, unmoved"))
          .add(column("copy_lt_acc", DataTypes.DoubleType, "of the same"))
          .add(column("box_iou", DataTypes.DoubleType, "of the box, filled"))
          .add(column("box_lt_acc", DataTypes.DoubleType, "of the same"))
          .add(column("seconds", DataTypes.DoubleType, "that the image took"))
          .add(column("described", DataTypes.IntegerType, "images described for it"))
          .add(column("feature", DataTypes.BinaryType, "f32le, global, less the class's mean"))
          .add(column("tile", DataTypes.IntegerType, "tile of the plan"));

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("role", "image_id", "if(role = 'exemplar', tile, null)"),
          Set.of("seconds", "described", "tile"),
          Map.of(
              "mask_png", RunTable.Stored.IMAGE,
              "soft_png", RunTable.Stored.IMAGE,
              "feature", RunTable.Stored.SINGLE));

  private MaskTable() {}

  static StructField column(String name, DataType type, String comment) {
    return DataTypes.createStructField(
        name, type, true, new MetadataBuilder().putString("comment", comment).build());
  }
}

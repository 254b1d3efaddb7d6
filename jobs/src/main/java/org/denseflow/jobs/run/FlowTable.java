package org.denseflow.jobs.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;
import org.denseflow.proposals.RegionMatch;

/**
 * The {@code flows} table, version 2: one row per pair, also for a pair that failed. Dense fields
 * are one BINARY cell each, little-endian.
 */
public final class FlowTable {
  /** Its name and the number of its rows. */
  public static final ResultNumber RESULTS = new ResultNumber("flows", 2);

  /** Status of a pair with a flow. */
  public static final String OK = "ok";

  /** Status of a pair without. */
  public static final String FAILED = "failed";

  private static final StructType STEP =
      new StructType()
          .add(column("name", DataTypes.StringType, "as guidance 2"))
          .add(column("flow", DataTypes.BinaryType, "on the grid of the row"))
          .add(column("confidence", DataTypes.BinaryType, "on the grid of the row"))
          .add(column("valid", DataTypes.BinaryType, "on the grid of the row"))
          .add(column("stylised_png", DataTypes.BinaryType, "null where there is no image"));

  /** The columns. */
  public static final StructType SCHEMA =
      new StructType()
          .add(column("pair_id", DataTypes.StringType, "unique within the run"))
          .add(column("category", DataTypes.StringType, "object class, empty without"))
          .add(column("source", DataTypes.StringType, "URI; the flow lies on its grid"))
          .add(column("target", DataTypes.StringType, "URI; the flow points into it"))
          .add(column("status", DataTypes.StringType, "ok or failed"))
          .add(column("error_code", DataTypes.StringType, "stable code, null when ok"))
          .add(column("error_detail", DataTypes.StringType, "reason for people, null when ok"))
          .add(column("source_width", DataTypes.IntegerType, "pixels"))
          .add(column("source_height", DataTypes.IntegerType, "pixels"))
          .add(column("target_width", DataTypes.IntegerType, "pixels"))
          .add(column("target_height", DataTypes.IntegerType, "pixels"))
          .add(column("grid_width", DataTypes.IntegerType, "cells"))
          .add(column("grid_height", DataTypes.IntegerType, "cells"))
          .add(
              column(
                  "flow",
                  DataTypes.BinaryType,
                  "[grid_height, grid_width, 2] (dx, dy) in fractions of the image sides"))
          .add(
              column(
                  "flow_encoding",
                  DataTypes.StringType,
                  "f32le or f16le, of flow, confidence and steps"))
          .add(column("confidence", DataTypes.BinaryType, "[grid_height, grid_width], 0..1"))
          .add(column("valid", DataTypes.BinaryType, "[grid_height, grid_width] bytes, 0 or 1"))
          .add(column("score", DataTypes.DoubleType, "mean cosine of the matched cells"))
          .add(column("confident", DataTypes.IntegerType, "cells with a confident match"))
          .add(column("fallback", DataTypes.BooleanType, "the method's fallback was used"))
          .add(
              column(
                  "agreement",
                  DataTypes.DoubleType,
                  "mean agreement of the displacements of the pair's mutual matches, 0..1; null where"
                      + " the method does not measure it"))
          .add(
              column(
                  "mirrored",
                  DataTypes.BooleanType,
                  "the match is that with the target's mirror image; the flow points into the target"
                      + " itself"))
          .add(column("method", DataTypes.StringType, "method"))
          .add(column("backbone", DataTypes.StringType, "backbone"))
          .add(column("tile", DataTypes.IntegerType, "tile of the plan"))
          .add(
              column(
                  "steps",
                  DataTypes.createArrayType(STEP),
                  "intermediate results, empty unless asked for"))
          .add(
              column(
                  "regions",
                  DataTypes.BinaryType,
                  "[regions, 10] f32le, empty unless asked for: source x1, y1, x2, y2, target x1, y1,"
                      + " x2, y2 in fractions of the image sides, similarity, score"))
          .add(column("source_orientation", DataTypes.IntegerType, Orientations.COMMENT))
          .add(column("target_orientation", DataTypes.IntegerType, Orientations.COMMENT));

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("pair_id"),
          Set.of("tile"),
          Map.of(
              "flow", RunTable.Stored.FLOW,
              "confidence", RunTable.Stored.FLOW,
              "valid", RunTable.Stored.BYTES,
              "steps.flow", RunTable.Stored.FLOW,
              "steps.confidence", RunTable.Stored.FLOW,
              "steps.valid", RunTable.Stored.BYTES,
              "steps.stylised_png", RunTable.Stored.IMAGE,
              "regions", RunTable.Stored.SINGLE));

  private FlowTable() {}

  /** What computed a row: the last columns. */
  public record Origin(String method, String backbone, int tile) {}

  /** The row of a pair with a flow. */
  public static Row row(
      PlannedPair pair,
      ImageFeatures source,
      ImageFeatures target,
      Match match,
      Origin origin,
      Precision precision) {
    FlowField flow = match.flow();
    return RowFactory.create(
        pair.pairId(),
        pair.category(),
        pair.source(),
        pair.target(),
        OK,
        null,
        null,
        source.size().width(),
        source.size().height(),
        target.size().width(),
        target.size().height(),
        flow.gridWidth(),
        flow.gridHeight(),
        precision.bytes(flow.displacement()),
        precision.code(),
        precision.bytes(flow.confidence()),
        bytes(flow.valid()),
        match.score(),
        match.confident(),
        match.fallback() != Match.Fallback.NONE,
        match.agreement().orElse(null),
        match.mirrored(),
        origin.method(),
        origin.backbone(),
        origin.tile(),
        match.steps().stream().map(step -> row(step, precision)).toArray(),
        bytes(RegionColumn.values(match.regions())),
        null,
        null);
  }

  private static Row row(Match.Step step, Precision precision) {
    FlowField field = step.field();
    return RowFactory.create(
        step.name(),
        precision.bytes(field.displacement()),
        precision.bytes(field.confidence()),
        bytes(field.valid()),
        step.stylised().map(ImageEncoder::png).orElse(null));
  }

  /** The row of a pair that failed. */
  public static Row failed(PlannedPair pair, ImageFailure failure, Origin origin) {
    Object[] cells = new Object[SCHEMA.size()];
    cells[0] = pair.pairId();
    cells[1] = pair.category();
    cells[2] = pair.source();
    cells[3] = pair.target();
    cells[4] = FAILED;
    cells[5] = failure.code();
    cells[6] = failure.detail();
    cells[SCHEMA.fieldIndex("method")] = origin.method();
    cells[SCHEMA.fieldIndex("backbone")] = origin.backbone();
    cells[SCHEMA.fieldIndex("tile")] = origin.tile();
    return RowFactory.create(cells);
  }

  /** The flow of a row whose status is ok. */
  public static FlowField flow(Row row) {
    return field(row, row.getAs("grid_width"), row.getAs("grid_height"), precision(row));
  }

  /** The intermediate results of a row whose status is ok; runs of before have no such column. */
  public static List<Match.Step> steps(Row row) {
    int column = row.fieldIndex("steps");
    List<Row> steps = row.isNullAt(column) ? List.of() : row.getList(column);
    int width = row.getAs("grid_width");
    int height = row.getAs("grid_height");
    Precision precision = precision(row);
    return steps.stream()
        .map(
            step ->
                new Match.Step(
                    step.getAs("name"), field(step, width, height, precision), stylised(step)))
        .toList();
  }

  /** The matched regions of a row whose status is ok; runs of before have no such column. */
  public static List<RegionMatch> regions(Row row) {
    int column = row.fieldIndex("regions");
    return row.isNullAt(column)
        ? List.of()
        : RegionColumn.matches(Precision.SINGLE.floats(row.getAs(column)));
  }

  private static Optional<RgbImage> stylised(Row step) {
    byte[] png = step.getAs("stylised_png");

    try {
      return png == null
          ? Optional.empty()
          : Optional.of(ImageDecoder.decode(png, ImageLimits.DEFAULT).image());
    } catch (ImageException e) {
      throw new IllegalStateException("Cannot read a stylised image of the flows", e);
    }
  }

  /** The source's size in pixels. */
  public static Size source(Row row) {
    return new Size(row.getAs("source_width"), row.getAs("source_height"));
  }

  /** The target's size in pixels. */
  public static Size target(Row row) {
    return new Size(row.getAs("target_width"), row.getAs("target_height"));
  }

  private static Precision precision(Row row) {
    return Precision.of(row.getAs("flow_encoding"));
  }

  private static FlowField field(Row row, int width, int height, Precision precision) {
    byte[] valid = row.getAs("valid");
    boolean[] isValid = new boolean[valid.length];

    for (int i = 0; i < valid.length; i++) {
      isValid[i] = valid[i] != 0;
    }

    return new FlowField(
        width,
        height,
        precision.floats(row.getAs("flow")),
        precision.floats(row.getAs("confidence")),
        isValid);
  }

  /** The numbers of a dense field, stored as the column {@code flow_encoding} says. */
  public static float[] numbers(byte[] bytes, String encoding) {
    return Precision.of(encoding).floats(bytes);
  }

  /** Floats as little-endian bytes. */
  public static byte[] bytes(float[] values) {
    return Precision.SINGLE.bytes(values);
  }

  /** Flags as bytes 0 and 1. */
  public static byte[] bytes(boolean[] values) {
    byte[] bytes = new byte[values.length];

    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }

    return bytes;
  }

  private static org.apache.spark.sql.types.StructField column(
      String name, DataType type, String comment) {
    Metadata metadata = new MetadataBuilder().putString("comment", comment).build();
    return DataTypes.createStructField(name, type, true, metadata);
  }
}

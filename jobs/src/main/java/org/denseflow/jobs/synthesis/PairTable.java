package org.denseflow.jobs.synthesis;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.denseflow.geometry.ThinPlateSpline;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.synthesis.ColorMatrix;
import org.denseflow.synthesis.PairKey;
import org.denseflow.synthesis.PairParameters.Model;
import org.denseflow.synthesis.PairParameters.Padding;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.Projective;
import org.denseflow.synthesis.ViewMap;
import org.denseflow.synthesis.WarpComposition;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The {@code pairs} table of SyntheticPairJob, version 1: one row per pair, also for one that
 * failed. A row holds the recipe; with {@code --materialise pixels} the encoded views and masks
 * too. Coordinates are normalised: an image or a view spans [-1, 1] from edge to edge.
 */
public final class PairTable {
  /** Its name and the number of its rows. */
  public static final ResultNumber RESULTS = new ResultNumber("pairs", 1);

  /** Status of a pair that can be used. */
  public static final String OK = "ok";

  /** Status of a pair that cannot. */
  public static final String FAILED = "failed";

  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType, false);

  /** The columns. */
  public static final StructType SCHEMA = schema();

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("pair_id"),
          Set.of(),
          Map.of(
              "source_view", RunTable.Stored.IMAGE,
              "target_view", RunTable.Stored.IMAGE,
              "source_mask", RunTable.Stored.IMAGE,
              "target_mask", RunTable.Stored.IMAGE));

  private static final int VIEWS = SCHEMA.fieldIndex("encoding");

  private PairTable() {}

  /** Where a pair comes from. */
  record Origin(String imageId, String image, String mask, int index, PairKey key) {}

  /** The row of a recipe. */
  static Row row(Origin origin, PairRecipe recipe) {
    Object[] cells = cells(origin, OK, null, null);
    int at = SCHEMA.fieldIndex("view_width");
    cells[at++] = recipe.viewWidth();
    cells[at++] = recipe.viewHeight();
    cells[at++] = recipe.workingWidth();
    cells[at++] = recipe.workingHeight();
    cells[at++] = name(recipe.padding());
    cells[at++] = name(recipe.model());
    cells[at++] = name(recipe.source().map().order());
    at = view(cells, at, recipe.source());
    at = view(cells, at, recipe.target());
    Projective there = composition(recipe);
    cells[at++] = there == null ? null : there.m();
    cells[at++] = there == null ? null : there.inverse().m();
    cells[at++] = recipe.flipped();
    cells[at++] = recipe.attempts();
    cells[at] = CollectionConverters.asScala(recipe.drawn());
    return new GenericRowWithSchema(RowDigest.complete(cells), SCHEMA);
  }

  /** The row of a pair without a recipe. */
  static Row failed(Origin origin, String code, String detail) {
    return new GenericRowWithSchema(
        RowDigest.complete(cells(origin, FAILED, code, detail)), SCHEMA);
  }

  /** A recipe's row with its views; masks are null without. */
  static Row withViews(
      Row recipe,
      String encoding,
      byte[] source,
      byte[] target,
      byte[] sourceMask,
      byte[] targetMask) {
    Object[] cells = copy(recipe);
    cells[VIEWS] = encoding;
    cells[VIEWS + 1] = source;
    cells[VIEWS + 2] = target;
    cells[VIEWS + 3] = sourceMask;
    cells[VIEWS + 4] = targetMask;
    return new GenericRowWithSchema(RowDigest.complete(cells), SCHEMA);
  }

  /** A recipe's row whose image has turned out to be unusable. */
  static Row withFailure(Row recipe, String code, String detail) {
    Object[] cells = copy(recipe);
    cells[SCHEMA.fieldIndex("status")] = FAILED;
    cells[SCHEMA.fieldIndex("error_code")] = code;
    cells[SCHEMA.fieldIndex("error_detail")] = detail;
    return new GenericRowWithSchema(RowDigest.complete(cells), SCHEMA);
  }

  /** The recipe of a row whose status is ok. */
  public static PairRecipe recipe(Row row) {
    WarpComposition order = WarpComposition.valueOf(constant(row.getAs("order")));
    Map<String, Double> drawn = new HashMap<>(row.getJavaMap(row.fieldIndex("drawn")));
    return new PairRecipe(
        row.getAs("view_width"),
        row.getAs("view_height"),
        row.getAs("working_width"),
        row.getAs("working_height"),
        Padding.valueOf(constant(row.getAs("padding"))),
        Model.valueOf(constant(row.getAs("model"))),
        view(row, "source_", order),
        view(row, "target_", order),
        row.getAs("flipped"),
        row.getAs("attempts"),
        drawn);
  }

  private static Object[] cells(Origin origin, String status, String code, String detail) {
    Object[] cells = new Object[SCHEMA.size()];
    cells[0] = origin.imageId() + "#" + origin.index();
    cells[1] = origin.imageId();
    cells[2] = origin.image();
    cells[3] = origin.mask();
    cells[4] = origin.index();
    cells[5] = origin.key().shuffle();
    cells[6] = status;
    cells[7] = code;
    cells[8] = detail;
    return cells;
  }

  private static Object[] copy(Row row) {
    Object[] cells = new Object[SCHEMA.size()];

    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.get(i);
    }

    return cells;
  }

  private static int view(Object[] cells, int at, PairRecipe.View view) {
    ThinPlateSpline spline = view.map().spline();
    boolean plain = view.color().equals(ColorMatrix.IDENTITY);
    cells[at++] = view.map().projective().m();
    cells[at++] = spline == null ? null : spline.displacement();
    cells[at++] = plain ? null : view.color().m();
    cells[at++] = view.valid();
    cells[at++] = view.foreground();
    return at;
  }

  private static PairRecipe.View view(Row row, String prefix, WarpComposition order) {
    double[] spline = numbers(row, prefix + "spline");
    double[] color = numbers(row, prefix + "color");
    return new PairRecipe.View(
        new ViewMap(
            new Projective(numbers(row, prefix + "matrix")),
            spline == null ? null : new ThinPlateSpline(spline),
            order),
        color == null ? ColorMatrix.IDENTITY : new ColorMatrix(color),
        row.getAs(prefix + "valid"),
        row.getAs(prefix + "foreground"));
  }

  private static double[] numbers(Row row, String column) {
    int index = row.fieldIndex(column);

    if (row.isNullAt(index)) {
      return null;
    }

    if (row.get(index) instanceof double[] fresh) {
      return fresh;
    }

    List<Double> list = row.getList(index);
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Projective composition(PairRecipe recipe) {
    ViewMap source = recipe.source().map();
    ViewMap target = recipe.target().map();
    return source.spline() == null && target.spline() == null
        ? target.projective().inverse().after(source.projective()).normalised()
        : null;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String constant(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static StructType schema() {
    StructType schema =
        new StructType()
            .add(column("pair_id", DataTypes.StringType, "image_id#index"))
            .add(column("image_id", DataTypes.StringType, "path below --images"))
            .add(column("image", DataTypes.StringType, "URI"))
            .add(column("mask", DataTypes.StringType, "URI, null without"))
            .add(column("index", DataTypes.IntegerType, "number of the pair within its image"))
            .add(column("shuffle_key", DataTypes.LongType, "rows are sorted by it"))
            .add(column("status", DataTypes.StringType, "ok or failed"))
            .add(column("error_code", DataTypes.StringType, "stable code, null when ok"))
            .add(column("error_detail", DataTypes.StringType, "reason for people, null when ok"))
            .add(column("view_width", DataTypes.IntegerType, "pixels, of both views"))
            .add(column("view_height", DataTypes.IntegerType, "pixels, of both views"))
            .add(column("working_width", DataTypes.IntegerType, "the image is shrunk to it first"))
            .add(column("working_height", DataTypes.IntegerType, "the image is shrunk to it first"))
            .add(column("padding", DataTypes.StringType, "symmetric or zeros"))
            .add(column("model", DataTypes.StringType, "affine, tps, affine-tps or homography"))
            .add(column("order", DataTypes.StringType, "affine-after-tps or sum"));

    for (String view : List.of("source", "target")) {
      schema =
          schema
              .add(column(view + "_matrix", NUMBERS, "3x3 row-major, view to image"))
              .add(column(view + "_spline", NUMBERS, "[3, 3, 2] displacements, null without"))
              .add(column(view + "_color", NUMBERS, "[3, 4] on RGB 0..255, null without"))
              .add(column(view + "_valid", DataTypes.DoubleType, "share shown by the other too"))
              .add(column(view + "_foreground", DataTypes.DoubleType, "share valid and object"));
    }

    return schema
        .add(column("source_to_target", NUMBERS, "3x3 row-major, null where a spline takes part"))
        .add(column("target_to_source", NUMBERS, "its inverse"))
        .add(column("flipped", DataTypes.BooleanType, "both views mirrored; in the matrices"))
        .add(column("attempts", DataTypes.IntegerType, "draws it took"))
        .add(
            column(
                "drawn",
                DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType, false),
                "the numbers drawn"))
        .add(column("encoding", DataTypes.StringType, "jpeg or png, null for a recipe"))
        .add(column("source_view", DataTypes.BinaryType, "encoded image"))
        .add(column("target_view", DataTypes.BinaryType, "encoded image"))
        .add(column("source_mask", DataTypes.BinaryType, "PNG, null without masks"))
        .add(column("target_mask", DataTypes.BinaryType, "PNG, null without masks"))
        .add(column("row_digest", DataTypes.BinaryType, "16 bytes of the SHA-256 of the row"));
  }

  private static StructField column(String name, DataType type, String comment) {
    return DataTypes.createStructField(
        name, type, true, new MetadataBuilder().putString("comment", comment).build());
  }
}

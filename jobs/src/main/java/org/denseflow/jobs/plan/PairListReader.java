package org.denseflow.jobs.plan;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.ListedPair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.denseflow.jobs.dataset.PairColumns;
import org.denseflow.jobs.dataset.PairSource;

/** Makes the pair list of a run of what a dataset's address names. */
public final class PairListReader {
  private static final int SLICE = 2_000;
  private static final String FILE = "file";
  private static final String[] COLUMNS =
      Stream.concat(PairColumns.NAMES.stream(), Stream.of(FILE)).toArray(String[]::new);

  private final SparkSession spark;
  private final boolean masked;

  /**
   * Makes a reader.
   *
   * @param masked whether the sources' masks are needed
   */
  public PairListReader(SparkSession spark, boolean masked) {
    this.spark = spark;
    this.masked = masked;
  }

  /**
   * Reads the first pairs of a list.
   *
   * @param limit listed pairs at most; of a list that Spark reads, which has no order, any
   * @throws DatasetException naming the columns, or the rows and their file, that are wrong
   */
  public PairList read(PairSource source, long limit) {
    if (source instanceof PairSource.Listed own) {
      return PairList.of(spark, own.dataset().first(limit), masked);
    } else if (source instanceof PairSource.Crossed own) {
      boolean masks = masked;
      return PairList.of(
          first(
              spark.createDataFrame(
                  crossed(own.images()).map(pair -> PairList.row(PlannedPair.of(pair, masks))),
                  PairList.SCHEMA),
              limit));
    }

    PairSource.Table table = table(source);
    Dataset<Row> read = open(table);
    Map<String, String> columns = PairColumns.of(table.uri(), List.of(read.columns()));
    Column mask = masked ? col("source_mask") : lit("").as("source_mask");
    Dataset<Row> all =
        named(read, columns, table.root())
            .select(col("pair_id"), col("source"), col("target"), col("category"), mask);
    Dataset<Row> rows = first(unique(all), limit);
    return PairList.of(
        table.both() ? rows.union(swapped(rows)) : rows,
        () -> nameless(read, columns, table.uri()));
  }

  /**
   * All pairs that a dataset lists, with their annotations and without swapped ones; executors make
   * or read those that the driver does not hold.
   *
   * @throws DatasetException as {@link #read}; the tasks throw it for annotations that are wrong
   */
  public JavaRDD<ImagePair> annotated(PairSource source) {
    if (source instanceof PairSource.Listed own) {
      List<ImagePair> pairs = own.dataset().pairs();
      return java().parallelize(pairs, pairs.size() / SLICE + 1);
    } else if (source instanceof PairSource.Crossed own) {
      return crossed(own.images());
    }

    PairSource.Table table = table(source);
    Dataset<Row> read = open(table);
    String root = table.root();
    return unique(named(read, PairColumns.of(table.uri(), List.of(read.columns())), root))
        .javaRDD()
        .map(row -> pair(root, row));
  }

  private static PairSource.Table table(PairSource source) {
    if (source instanceof PairSource.Table own) {
      return own;
    }

    throw new DatasetException(
        "Cannot list pairs of neighbours: they are chosen by the features of a run of DenseFlowJob; leave neighbours out, or give that run's pairs:OUT/neighbours/chunk=00000");
  }

  private static ImagePair pair(String root, Row row) {
    Map<String, String> cells = new HashMap<>();
    PairColumns.NAMES.forEach(name -> cells.put(name, row.getAs(name)));
    return ListedPair.of(root, cells, row.getAs(FILE) + ": pair " + cells.get("pair_id"));
  }

  private JavaSparkContext java() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private static Dataset<Row> first(Dataset<Row> rows, long limit) {
    return limit > Integer.MAX_VALUE ? rows : rows.limit((int) limit);
  }

  private JavaRDD<ImagePair> crossed(List<DatasetImage> images) {
    Map<String, List<Integer>> categories = new HashMap<>();
    IntStream.range(0, images.size())
        .forEach(
            image ->
                categories
                    .computeIfAbsent(images.get(image).category(), name -> new ArrayList<>())
                    .add(image));
    Broadcast<List<DatasetImage>> all = java().broadcast(images);
    Broadcast<Map<String, List<Integer>>> members = java().broadcast(categories);
    return java()
        .parallelize(IntStream.range(0, images.size()).boxed().toList())
        .flatMap(
            number -> {
              DatasetImage image = all.value().get(number);
              return members.value().get(image.category()).stream()
                  .filter(other -> !other.equals(number))
                  .map(other -> pair(image, all.value().get(other)))
                  .iterator();
            });
  }

  private static ImagePair pair(DatasetImage source, DatasetImage target) {
    return new ImagePair(
        PairColumns.id(".", source.id(), target.id()),
        source.uri(),
        target.uri(),
        source.category(),
        new PairAnnotation(source.annotation(), target.annotation()));
  }

  /** All columns of {@link PairColumns} as text, paths resolved, and the file of each row. */
  private static Dataset<Row> named(Dataset<Row> rows, Map<String, String> columns, String root) {
    UDF1<String, String> resolve = path -> path.isEmpty() ? "" : FileStore.resolve(root, path);
    UDF3<String, String, String, String> name =
        (id, source, target) ->
            id.isEmpty() ? PairColumns.id(root, source, target) : listed(id, root);
    UserDefinedFunction resolved = udf(resolve, DataTypes.StringType).asNonNullable();
    UserDefinedFunction named = udf(name, DataTypes.StringType).asNonNullable();
    List<Column> cells = new ArrayList<>();

    for (String column : PairColumns.NAMES) {
      Column cell = cell(columns, column);
      cells.add(
          switch (column) {
            case "pair_id" -> named.apply(cell, cell(columns, "source"), cell(columns, "target"));
            case "source", "target", "source_mask", "target_mask" -> resolved.apply(cell);
            default -> cell;
          });
    }

    cells.add(col("_metadata.file_path"));
    return rows.select(cells.toArray(Column[]::new)).toDF(COLUMNS);
  }

  private static String listed(String id, String root) {
    if (id.endsWith(ImagePair.SWAPPED)) {
      throw new DatasetException(
          "Cannot read the list in %s: pair_id '%s' ends in %s, which marks flows that are only read backwards; give the pair another id"
              .formatted(root, id, ImagePair.SWAPPED));
    }

    return id;
  }

  private Dataset<Row> open(PairSource.Table table) {
    DataFrameReader reader = spark.read().option(DataSource.GLOB_PATHS_KEY(), "false");

    if (table.format().equals("csv")) {
      String header = reader.text(table.uri()).first().getString(0);
      reader
          .option("header", "true")
          .option("sep", String.valueOf(PairColumns.separator(header)))
          .option("escape", "\"")
          .option("mode", "FAILFAST")
          .option("enforceSchema", "false");
    }

    return reader.format(table.format()).load(table.uri());
  }

  private static Column cell(Map<String, String> columns, String name) {
    String own = columns.get(name);
    return own == null
        ? lit("")
        : coalesce(trim(col("`" + own.replace("`", "``") + "`").cast("string")), lit(""));
  }

  /** What to say of a list that has a pair without source or target. */
  private static DatasetException nameless(
      Dataset<Row> rows, Map<String, String> columns, String uri) {
    Column empty = cell(columns, "source").equalTo("").or(cell(columns, "target").equalTo(""));
    Row first =
        rows.where(empty)
            .select(col("_metadata.file_path"), cell(columns, "source"), cell(columns, "target"))
            .first();
    return new DatasetException(
        "Cannot read %s: a row of %s has source '%s' and target '%s', and neither may be empty"
            .formatted(uri, first.getString(0), first.getString(1), first.getString(2)));
  }

  /** The second row of an id becomes {@code id#2}, as in lists that the driver holds. */
  private static Dataset<Row> unique(Dataset<Row> pairs) {
    // Hashes are a tenth of the ids to sort; where two are alike, ids are looked at.
    if (pairs.groupBy(xxhash64(col("pair_id"))).count().where("count > 1").isEmpty()) {
      return pairs;
    }

    Column[] rest =
        Stream.of(pairs.columns())
            .filter(name -> !name.equals("pair_id"))
            .map(name -> col(name))
            .toArray(Column[]::new);
    Column copy = row_number().over(Window.partitionBy("pair_id").orderBy(rest));
    return pairs
        .withColumn("copy", copy)
        .withColumn(
            "pair_id",
            when(col("copy").gt(1), concat(col("pair_id"), lit("#"), col("copy").cast("string")))
                .otherwise(col("pair_id")))
        .drop("copy");
  }

  private static Dataset<Row> swapped(Dataset<Row> rows) {
    Dataset<Row> turned =
        rows.select(
            concat(col("pair_id"), lit(ImagePair.SWAPPED)).as("pair_id"),
            col("target").as("source"),
            col("source").as("target"),
            col("category"),
            lit("").as("source_mask"));
    Dataset<Row> listed =
        rows.select(col("source").as("listed_source"), col("target").as("listed_target"));
    return turned.join(
        listed,
        col("source")
            .equalTo(col("listed_source"))
            .and(col("target").equalTo(col("listed_target"))),
        "left_anti");
  }
}

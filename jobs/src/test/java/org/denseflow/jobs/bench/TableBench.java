package org.denseflow.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.JobMain;
import org.denseflow.jobs.demo.DrawObjectsCommand;
import org.denseflow.jobs.flow.DenseFlowCommand;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.Precision;
import org.denseflow.jobs.run.RunDirectory;

/**
 * A chunk of {@code flows} written as a run writes it, and read, by one thread; beside the same
 * bytes as plain files. Writes end when the disk has everything; reads find everything in the page
 * cache, as nothing is larger than it.
 */
final class TableBench {
  private static final int IMAGES = 32;

  /** Each has the rows of all pairs of the images. */
  private static final int TILES = 8;

  private static final String TABLE = "flows";
  private static final String PARQUET = ".parquet";

  private final Path folder;
  private final SparkSession spark;

  private TableBench(Path folder, SparkSession spark) {
    this.folder = folder;
    this.spark = spark;
  }

  /** Measures in a process that has the JVM options of Spark's own launcher. */
  static List<BenchRow> rows() {
    String options = JavaModuleOptions.defaultModuleOptions().strip();

    try (WorkFolder folder = new WorkFolder()) {
      String rows =
          OwnProcess.lastLine(
              List.of(options.split("\\s+")), TableBench.class, folder.path().toString());
      return List.of(new ObjectMapper().readValue(rows, BenchRow[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read what the process measured", e);
    }
  }

  /** The time in which a pair is written in single precision, as these rows say. */
  static double writeMillis(List<BenchRow> rows) {
    String name = name("write", Precision.SINGLE, "pairs");
    return rows.stream()
        .filter(row -> row.bench().equals(name))
        .mapToDouble(row -> 1000 / row.value())
        .findFirst()
        .orElseThrow();
  }

  private static String name(String verb, Precision precision, String counted) {
    return "%s flows in %s precision, %s (floor: plain files)"
        .formatted(verb, word(precision), counted);
  }

  private static String word(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** What a chunk has. */
  private record Amount(int pairs, double megabytes) {

    List<BenchRow> rows(String verb, Precision precision, double millis, double floor) {
      return List.of(
          BenchRow.rate(
              name(verb, precision, "pairs"),
              1000 * pairs / millis,
              "pairs/s",
              1000 * pairs / floor),
          BenchRow.rate(
              name(verb, precision, "bytes"),
              1000 * megabytes / millis,
              "MB/s",
              1000 * megabytes / floor));
    }
  }

  /** Measures, and prints the rows: {@code FOLDER}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);

    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      TableBench bench = new TableBench(folder, spark);
      require(
          JobMain.execute(
              new DrawObjectsCommand(),
              "--out",
              folder.resolve("images").toString(),
              "--categories",
              "1",
              "--images-per-category",
              String.valueOf(IMAGES)));
      List<BenchRow> rows = new ArrayList<>();

      for (Precision precision : Precision.values()) {
        rows.addAll(bench.measure(precision));
      }

      System.out.println(new ObjectMapper().writeValueAsString(rows));
    }
  }

  private static void require(int code) {
    if (code != 0) {
      throw new IllegalStateException("Cannot make flows: exit code " + code);
    }
  }

  private List<BenchRow> measure(Precision precision) {
    List<Row> tile = tile(precision);
    Dataset<Row> chunk = chunk(tile);
    Path out = folder.resolve("chunk-" + word(precision));
    RunDirectory run = new RunDirectory(out.toString(), spark.sparkContext().hadoopConfiguration());
    double write =
        Stopwatch.bestMillis(
            () -> {
              run.chunk(TABLE, 0).write(chunk);
              PlainFiles.below(out, PARQUET).forEach(PlainFiles::sync);
            });
    double read = Stopwatch.bestMillis(() -> decode(run));
    List<Path> files = PlainFiles.below(out, PARQUET);
    List<byte[]> bytes = files.stream().map(PlainFiles::read).toList();
    Amount amount =
        new Amount(tile.size() * TILES, bytes.stream().mapToLong(file -> file.length).sum() / 1e6);
    Path plain = folder.resolve("plain");
    double plainWrite =
        Stopwatch.bestMillis(() -> bytes.forEach(file -> PlainFiles.write(plain, file)));
    double plainRead = Stopwatch.bestMillis(() -> files.forEach(PlainFiles::read));
    List<BenchRow> rows = new ArrayList<>(amount.rows("write", precision, write, plainWrite));
    rows.addAll(amount.rows("read", precision, read, plainRead));
    return rows;
  }

  /** The rows of a run over all pairs of the images. */
  private List<Row> tile(Precision precision) {
    String out = folder.resolve("run-" + word(precision)).toString();
    require(
        JobMain.execute(
            new DenseFlowCommand(),
            "--dataset",
            "folder:" + folder.resolve("images/images"),
            "--set",
            "flows.precision=" + word(precision),
            "--out",
            out));
    return spark.read().schema(FlowTable.SCHEMA).parquet(out + "/" + TABLE).collectAsList();
  }

  /** Tasks find their rows in memory, as tasks of a run have just made theirs. */
  private Dataset<Row> chunk(List<Row> tile) {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<List<Row>> rows = java.broadcast(tile);
    JavaRDD<Row> all =
        java.parallelize(IntStream.range(0, TILES).boxed().toList(), TILES)
            .flatMap(number -> rows.value().iterator());
    return spark.createDataFrame(all, FlowTable.SCHEMA);
  }

  private void decode(RunDirectory run) {
    spark
        .read()
        .schema(FlowTable.SCHEMA)
        .parquet(run.chunk(TABLE, 0).uri())
        .toJavaRDD()
        .map(row -> FlowTable.flow(row).cells())
        .reduce(Integer::sum);
  }
}

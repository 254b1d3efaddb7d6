package org.denseflow.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.plan.PairList;
import org.denseflow.jobs.plan.PlanCounts;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Planning;

/**
 * Plans lists of many pairs in Spark: how long it takes beside reading the list once, and how often
 * each image would be described.
 */
final class PlanBench {
  private static final long PAIRS = 10_000_000;
  private static final int IMAGES = 100_000;
  private static final int[] HELD = {32, 1024};
  private static final int TILE_PAIRS = 1024;
  private static final long FLOW_BYTES = 5_600;

  private PlanBench() {}

  /** Measures in a process that has the JVM options of Spark's own launcher. */
  static List<BenchRow> rows() {
    List<String> options =
        new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
    options.add("-Xmx4g");

    try (WorkFolder folder = new WorkFolder()) {
      String rows = OwnProcess.lastLine(options, PlanBench.class, folder.path().toString());
      return List.of(new ObjectMapper().readValue(rows, BenchRow[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read what the process measured", e);
    }
  }

  /** Measures, and prints the rows: {@code FOLDER}. */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", arguments[0])
            .getOrCreate()) {
      System.out.println(
          new ObjectMapper()
              .writeValueAsString(measure(spark, Path.of(arguments[0]), PAIRS, IMAGES)));
    }
  }

  private static List<BenchRow> measure(SparkSession spark, Path folder, long pairs, int images) {
    List<BenchRow> rows = new ArrayList<>();
    int category = Math.max(2, images / 1000);
    rows.addAll(
        measure(
            spark,
            "uniform",
            folder,
            pairs,
            images,
            id -> {
              Random random = new Random(id * 0x9e3779b97f4a7c15L);
              return pair(id, random.nextInt(images), random.nextInt(images), 0);
            }));
    rows.addAll(
        measure(
            spark,
            "1000 categories",
            folder,
            pairs,
            images,
            id -> {
              Random random = new Random(id * 0x9e3779b97f4a7c15L);
              int source = random.nextInt(images);
              int first = source / category * category;
              return pair(id, source, first + random.nextInt(category), first / category);
            }));
    rows.addAll(
        measure(
            spark,
            "power law",
            folder,
            pairs,
            images,
            id -> {
              Random random = new Random(id * 0x9e3779b97f4a7c15L);
              return pair(id, zipf(random, images), zipf(random, images), 0);
            }));
    return rows;
  }

  private static List<BenchRow> measure(
      SparkSession spark,
      String name,
      Path folder,
      long pairs,
      int images,
      SerializableFunction list) {
    String uri = folder.resolve(name.replace(' ', '-')).toString();
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int slices = (int) (pairs / 500_000 + 1);
    spark
        .createDataFrame(
            spark.range(0, pairs, 1, slices).javaRDD().map(id -> PairList.row(list.apply(id))),
            PairList.SCHEMA)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(uri);
    List<BenchRow> rows = new ArrayList<>();

    for (int held : HELD) {
      Dataset<Row> read = spark.read().schema(PairList.SCHEMA).parquet(uri);
      PairList planned = PairList.of(read);
      long start = System.nanoTime();
      planned.summary();
      double floor = (System.nanoTime() - start) / 1e9;
      PlanParameters parameters =
          new PlanParameters(held, TILE_PAIRS * held / HELD[0], 1_000_000, 512 << 20)
              .ofRows(FLOW_BYTES);
      PlanCounts counts =
          new Planning(spark, planned, pairs, parameters).write(uri + "-plan").counts();
      double seconds = (System.nanoTime() - start) / 1e9;
      String label =
          "plan %s, %d pairs, %d targets and %d pairs a tile"
              .formatted(name, pairs, held, parameters.tilePairs());
      rows.add(BenchRow.of(label + " (floor: reading the list)", seconds, "s", floor));
      rows.add(
          BenchRow.of(
              label + ", an image is described (floor: once)",
              (double) counts.described() / counts.images(),
              "x",
              1));
    }

    return rows;
  }

  /** A pair by its number, which executors make. */
  private interface SerializableFunction extends LongFunction<PlannedPair>, java.io.Serializable {}

  private static PlannedPair pair(long id, int source, int target, int category) {
    return new PlannedPair(
        "pair-" + id, image(source), image(target), category == 0 ? "" : "c" + category, "");
  }

  private static String image(int number) {
    return "s3a://bucket/images/%03d/%07d.jpg".formatted(number % 1000, number);
  }

  private static int zipf(Random random, int images) {
    return (int) Math.min(images - 1, Math.exp(random.nextDouble() * Math.log(images + 1)) - 1);
  }
}

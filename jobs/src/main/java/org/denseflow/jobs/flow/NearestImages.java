package org.denseflow.jobs.flow;

import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.dataset.PairColumns;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairList;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.RunDirectory;
import scala.Tuple2;

/**
 * Pairs each image with those of its category that look most like it: by the cosine of the means of
 * its features over cells, each of length 1, exactly, block by block of images. Of equally similar
 * ones the first by id. The list does not depend on how many tasks make it, and is kept in the run
 * directory for resuming.
 */
final class NearestImages {
  private static final String TABLE = "neighbours";
  private static final String KEY = "neighbours.key";

  /** Pairs of a file, about. */
  private static final int FILE_ROWS = 1_000_000;

  /** Images of a block, and so the sides of a product. */
  private static final int BLOCK = 256;

  private final SparkSession spark;
  private final MatcherChoice matcher;
  private final Reading reading;
  private final FeatureSettings kept;
  private final FeatureStore storeOrNull;
  private final SerializableConfiguration configuration;
  private Dataset<Row> rows;
  private long found;
  private String key;

  NearestImages(
      SparkSession spark,
      MatcherChoice matcher,
      Reading reading,
      FeatureSettings kept,
      FeatureStore storeOrNull) {
    this.spark = spark;
    this.matcher = matcher;
    this.reading = reading;
    this.kept = kept;
    this.storeOrNull = storeOrNull;
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
  }

  /** The images of a block, by their numbers. */
  private record Members(String category, int number, int[] images) implements Serializable {}

  /**
   * The pairs, read from a run that has them, or found.
   *
   * @param limit pairs at most
   * @param out the run's directory
   * @param keeps whether what is there is kept
   */
  PairList pairs(
      PairSource.Nearest source, long limit, String out, boolean keeps, PrintStream log) {
    List<DatasetImage> images =
        source.images().stream()
            .sorted(Comparator.comparing(DatasetImage::category).thenComparing(DatasetImage::id))
            .toList();
    Fingerprint digest =
        new Fingerprint()
            .add(TABLE, 1, source.neighbours(), matcher.preset(), matcher.digest())
            .add(kept, reading.orientation(), reading.limits());
    images.forEach(image -> digest.add(image.id(), image.uri(), image.category()));
    key = digest.hex();

    try (RunDirectory run = new RunDirectory(out, configuration.value())) {
      if (keeps && run.read(KEY).map(String::strip).equals(Optional.of(key))) {
        return list(run.chunk(TABLE, 0).read(spark, PairList.SCHEMA), limit);
      }
    }

    LongAccumulator failed = spark.sparkContext().longAccumulator("images failed");
    rows = rows(images, source.neighbours(), failed).persist(StorageLevel.DISK_ONLY());
    found = rows.count();
    log.printf(
        "neighbours: %s of %s, of which %d cannot be read%n",
        Counted.of(found, "pairs"), Counted.of(images.size(), "images"), failed.value());
    return list(rows, limit);
  }

  private static PairList list(Dataset<Row> rows, long limit) {
    return PairList.of(limit > Integer.MAX_VALUE ? rows : rows.limit((int) limit));
  }

  /** Leaves the pairs with a run that has begun. */
  void begin(RunDirectory run) {
    if (rows != null) {
      run.chunk(TABLE, 0).write(rows.coalesce(1 + (int) (found / FILE_ROWS)));
      run.replace(KEY, key.getBytes(StandardCharsets.UTF_8));
      rows.unpersist();
    }
  }

  private Dataset<Row> rows(List<DatasetImage> images, int most, LongAccumulator failed) {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<List<DatasetImage>> all = java.broadcast(images);
    List<Members> members = blocks(images);
    int tasks = Math.min(members.size(), 2 * java.defaultParallelism());
    ImagePooling pooling =
        new ImagePooling(key, matcher, reading, kept, storeOrNull, configuration, failed);
    JavaRDD<PooledBlock> blocks =
        java.parallelize(members, Math.max(1, tasks))
            .map(own -> pooling.block(own.category(), own.number(), own.images(), all.value()))
            .filter(block -> block.images().length > 0)
            .persist(StorageLevel.MEMORY_AND_DISK());
    JavaRDD<Row> found =
        blocks
            .cartesian(blocks)
            .filter(pair -> pair._1().category().equals(pair._2().category()))
            .mapToPair(pair -> new Tuple2<>(pair._1().number(), pair._1().nearest(pair._2(), most)))
            .reduceByKey(NearestImages::joined)
            .sortByKey()
            .values()
            .flatMap(List::iterator)
            .flatMap(list -> rows(list, all.value()).iterator());
    return spark.createDataFrame(found, PairList.SCHEMA);
  }

  private static List<NearestList> joined(List<NearestList> a, List<NearestList> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i).plus(b.get(i))).toList();
  }

  private static List<Row> rows(NearestList nearest, List<DatasetImage> all) {
    List<Row> rows = new ArrayList<>();
    DatasetImage source = all.get(nearest.image());

    for (NearestList.Candidate candidate : nearest.all()) {
      DatasetImage target = all.get(candidate.image());
      rows.add(
          PairList.row(
              new PlannedPair(
                  PairColumns.id(".", source.id(), target.id()),
                  source.uri(),
                  target.uri(),
                  source.category(),
                  "")));
    }

    return rows;
  }

  /** Blocks of one category each, of images in their order. */
  private static List<Members> blocks(List<DatasetImage> images) {
    List<Members> blocks = new ArrayList<>();

    for (int from = 0; from < images.size(); ) {
      String category = images.get(from).category();
      int to = from;

      while (to < images.size()
          && to - from < BLOCK
          && images.get(to).category().equals(category)) {
        to++;
      }

      blocks.add(new Members(category, blocks.size(), IntStream.range(from, to).toArray()));
      from = to;
    }

    return blocks;
  }
}

package org.denseflow.jobs.synthesis;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.RunDirectory;

/**
 * Has a run's failed pairs drawn again: their images are read again, and the chunks that they lie
 * in are written again. A pair depends on its image and the seed alone, so that the others of these
 * chunks come out as they were.
 */
record SynthesisRetry(
    SparkSession spark,
    RunDirectory run,
    PairRequest request,
    Reading reading,
    SerializableConfiguration configuration,
    PrintStream log) {
  /** Reads the images again; the chunks to be written again are returned. */
  Set<Integer> prepare(FilePlan plan) {
    Set<String> ids = new HashSet<>();
    Set<Integer> chunks = new HashSet<>();
    Set<Integer> committed = run.takeOver(PairTable.RESULTS.name()).keySet();

    for (Row row : failed(committed)) {
      chunks.add(row.getInt(0));
      ids.add(row.getString(1));
    }

    log.printf(
        "retried: the failed pairs of %s, in %d of %d committed chunks%n",
        Counted.of(ids.size(), "images"), chunks.size(), committed.size());

    if (ids.isEmpty()) {
      return chunks;
    }

    run.reopen();

    if (!run.takeOver(ImageTable.RESULTS.name()).isEmpty()) {
      readAgain(ids);
    }

    return chunks;
  }

  private List<Row> failed(Set<Integer> committed) {
    return committed.isEmpty()
        ? List.of()
        : ParquetTables.read(spark, PairTable.SCHEMA, run.table(PairTable.RESULTS.name()))
            .where("status = 'failed'")
            .where(functions.col("chunk").isin(committed.toArray()))
            .select("chunk", "image_id")
            .distinct()
            .collectAsList();
  }

  private void readAgain(Set<String> ids) {
    List<ImageList.Entry> entries =
        request.images().stream().filter(image -> ids.contains(image.id())).toList();
    Counters counters = Counters.of(spark.sparkContext(), "images");
    Dataset<Row> again = new ImageRows(configuration, reading, counters).of(entries, spark);
    Chunk images = run.chunk(ImageTable.RESULTS.name(), 0);
    Dataset<Row> kept =
        images
            .read(spark, ImageTable.SCHEMA)
            .where(functions.not(functions.col("image_id").isin(ids.toArray())));
    images.write(kept.union(again));
  }
}

package org.denseflow.jobs.describe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.FeatureTable;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.ReadAhead;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.StoredCells;

/** Describes the images of a file, a batch at a time, while the rows before are written. */
record DescribeTask(
    String fingerprint,
    MatcherChoice matcher,
    Reading reading,
    int readAhead,
    SerializableConfiguration configuration,
    Counters counters)
    implements FlatMapFunction<Iterator<String>, Row> {

  @Override
  public Iterator<Row> call(Iterator<String> images) {
    List<String> uris = new ArrayList<>();
    images.forEachRemaining(uris::add);
    Configuration hadoop = configuration.value();
    AnyMatcher worker =
        WorkerPool.borrow(fingerprint, AnyMatcher.class, () -> matcher.matcher(hadoop));
    ReadAhead ahead =
        new ReadAhead(
            new ImageLoader(hadoop, reading, FeatureStore.EMPTY, true),
            readAhead,
            uris,
            uri -> false);
    TaskCompletionListener listener =
        ended -> {
          ahead.close();
          WorkerPool.giveBack(fingerprint, worker);
        };
    TaskContext.get().addTaskCompletionListener(listener);
    int batch = worker.batchSize();
    return new Iterator<>() {
      private int next;
      private Iterator<Row> open = List.<Row>of().iterator();

      @Override
      public boolean hasNext() {
        if (!open.hasNext() && next < uris.size()) {
          int to = Math.min(uris.size(), next + batch);
          open = rows(uris.subList(next, to), ahead, worker).iterator();
          next = to;
        }

        return open.hasNext();
      }

      @Override
      public Row next() {
        hasNext();
        return open.next();
      }
    };
  }

  private List<Row> rows(List<String> uris, ReadAhead ahead, AnyMatcher worker) {
    List<ImageLoader.Loaded> loaded = new ArrayList<>();

    try {
      for (String uri : uris) {
        loaded.add(ahead.load(uri));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    List<RgbImage> sound =
        loaded.stream()
            .filter(image -> image.failure() == null)
            .map(ImageLoader.Loaded::image)
            .toList();
    Iterator<ImageFeatures> described = worker.describe(sound).iterator();
    List<Row> rows = new ArrayList<>();

    for (int i = 0; i < uris.size(); i++) {
      ImageLoader.Loaded image = loaded.get(i);
      rows.add(
          image.failure() == null
              ? FeatureTable.row(uris.get(i), image, stored(described.next()))
              : FeatureTable.failed(uris.get(i), image.failure()));
      counters.failed().add(image.failure() == null ? 0 : 1);
    }

    counters.done().add(rows.size());
    return rows;
  }

  private static StoredCells stored(ImageFeatures described) {
    try (ImageFeatures narrow = described.narrowed()) {
      return StoredCells.of((CellFeatures) narrow);
    }
  }
}

package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;

/**
 * Computes one tile: reads and describes each image once, then computes source after source with
 * its targets. A bad image fails its own pairs.
 *
 * @param <W> what computes
 * @param <D> what is described of an image
 */
public abstract class TileTask<W extends AutoCloseable, D extends AutoCloseable>
    implements FlatMapFunction<Tile, Row> {
  private static final long serialVersionUID = 1L;

  private final TileContext context;
  private final LongAccumulator done;
  private final LongAccumulator failed;

  /** Makes a task that counts pairs. */
  protected TileTask(TileContext context, LongAccumulator done, LongAccumulator failed) {
    this.context = context;
    this.done = done;
    this.failed = failed;
  }

  /** The class of what computes. */
  protected abstract Class<W> workerType();

  /** Makes what computes. */
  protected abstract W worker(Configuration configuration);

  /** All that is computed of one image. */
  protected abstract D describe(W worker, RgbImage image);

  /** The rows of one source with its targets; pairs and targets go together, none is empty. */
  protected abstract List<Row> rows(
      W worker, D source, List<PlannedPair> pairs, List<D> targets, Tile tile);

  /** The row of a pair that failed. */
  protected abstract Row failed(PlannedPair pair, ImageFailure failure, Tile tile);

  /** Of the run. */
  protected final TileContext context() {
    return context;
  }

  /** Counts a pair that failed, and makes its row. */
  protected final Row counted(PlannedPair pair, ImageFailure failure, Tile tile) {
    failed.add(1);
    return failed(pair, failure, tile);
  }

  /** Either a description or a failure. */
  private record Described<D>(D description, ImageFailure failure) {}

  @Override
  public final Iterator<Row> call(Tile tile) throws IOException {
    Configuration configuration = context.configuration().value();
    W worker = WorkerPool.borrow(context.fingerprint(), workerType(), () -> worker(configuration));
    Map<String, Described<D>> images = new HashMap<>();

    try {
      describe(tile, worker, images);
      List<Row> rows = new ArrayList<>(tile.pairs().size());
      bySource(tile).values().forEach(pairs -> rows.addAll(compute(worker, pairs, images, tile)));
      done.add(rows.size());
      return rows.iterator();
    } finally {
      images.values().stream()
          .filter(image -> image.failure() == null)
          .forEach(image -> WorkerPool.close(image.description()));
      WorkerPool.giveBack(context.fingerprint(), worker);
    }
  }

  private void describe(Tile tile, W worker, Map<String, Described<D>> images) throws IOException {
    ImageLoader loader = new ImageLoader(context.configuration().value(), context.limits());

    for (String uri : tile.images()) {
      ImageLoader.Loaded loaded = loader.load(uri);
      images.put(
          uri,
          loaded.failure() != null
              ? new Described<>(null, loaded.failure())
              : new Described<>(describe(worker, loaded.image()), null));
    }
  }

  private List<Row> compute(
      W worker, List<PlannedPair> pairs, Map<String, Described<D>> images, Tile tile) {
    Described<D> source = images.get(pairs.get(0).source());
    List<PlannedPair> sound = new ArrayList<>();
    List<D> targets = new ArrayList<>();

    for (PlannedPair pair : pairs) {
      Described<D> target = images.get(pair.target());

      if (source.failure() == null && target.failure() == null) {
        sound.add(pair);
        targets.add(target.description());
      }
    }

    Iterator<Row> computed =
        sound.isEmpty()
            ? List.<Row>of().iterator()
            : rows(worker, source.description(), sound, targets, tile).iterator();
    List<Row> rows = new ArrayList<>();

    for (PlannedPair pair : pairs) {
      ImageFailure other = images.get(pair.target()).failure();
      ImageFailure failure = source.failure() != null ? source.failure() : other;
      rows.add(failure == null ? computed.next() : counted(pair, failure, tile));
    }

    return rows;
  }

  private static Map<String, List<PlannedPair>> bySource(Tile tile) {
    Map<String, List<PlannedPair>> sources = new LinkedHashMap<>();
    tile.pairs()
        .forEach(pair -> sources.computeIfAbsent(pair.source(), s -> new ArrayList<>()).add(pair));
    return sources;
  }
}

package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;

/**
 * Computes one tile: describes its targets, then source after source describes it and computes it
 * with its targets, while the rows before it are written. Images that a task of this process has
 * described before are not described again. A bad image fails its own pairs.
 *
 * @param <W> what computes
 * @param <D> what is described of an image
 */
public abstract class TileTask<W extends AutoCloseable, D extends AutoCloseable>
    implements FlatMapFunction<Tile, Row> {
  private static final long serialVersionUID = 1L;

  private final TileContext context;
  private final Counters counters;

  /** Makes a task. */
  protected TileTask(TileContext context, Counters counters) {
    this.context = context;
    this.counters = counters;
  }

  /** The class of what computes. */
  protected abstract Class<W> workerType();

  /** Makes what computes. */
  protected abstract W worker(Configuration configuration);

  /** The class of what is described. */
  protected abstract Class<D> descriptionType();

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
    counters.failed().add(1);
    return failed(pair, failure, tile);
  }

  @Override
  public final Iterator<Row> call(Tile tile) throws IOException {
    TileRows rows = new TileRows(tile);
    TaskCompletionListener listener = ended -> rows.close();
    TaskContext.get().addTaskCompletionListener(listener);
    rows.holdTargets();
    return rows;
  }

  /** The rows of a tile, computed source by source as they are asked for. */
  private final class TileRows implements Iterator<Row>, AutoCloseable {
    private final Tile tile;
    private final W worker;
    private final Descriptions descriptions;
    private final ReadAhead images;
    private final Map<String, Descriptions.Described> targets = new HashMap<>();
    private final Iterator<List<PlannedPair>> sources;
    private Iterator<Row> open = List.<Row>of().iterator();

    TileRows(Tile tile) {
      Configuration configuration = context.configuration().value();
      this.tile = tile;
      this.worker =
          WorkerPool.borrow(context.fingerprint(), workerType(), () -> worker(configuration));
      this.descriptions = Descriptions.of(counters.run(), context.task().keptImages());
      this.images =
          new ReadAhead(
              new ImageLoader(configuration, context.reading()),
              context.task().readAhead(),
              tile.images(),
              descriptions::holds);
      this.sources = tile.bySource().iterator();
    }

    private void holdTargets() throws IOException {
      for (String uri : tile.targets()) {
        targets.put(uri, descriptions.take(uri, this::make));
      }
    }

    private Descriptions.Described make(String uri) throws IOException {
      ImageLoader.Loaded loaded = images.load(uri);

      if (loaded.failure() != null) {
        return new Descriptions.Described(null, 0, loaded.failure());
      }

      counters.described().add(1);
      return new Descriptions.Described(
          describe(worker, loaded.image()), loaded.orientation(), null);
    }

    @Override
    public boolean hasNext() {
      while (!open.hasNext() && sources.hasNext()) {
        open = compute(sources.next()).iterator();
      }

      return open.hasNext();
    }

    @Override
    public Row next() {
      hasNext();
      return open.next();
    }

    private List<Row> compute(List<PlannedPair> pairs) {
      String uri = pairs.get(0).source();

      try {
        Descriptions.Described source = descriptions.take(uri, this::make);

        try {
          return rows(source, pairs);
        } finally {
          descriptions.giveBack(uri);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private List<Row> rows(Descriptions.Described source, List<PlannedPair> pairs) {
      List<PlannedPair> sound = new ArrayList<>();
      List<D> described = new ArrayList<>();

      for (PlannedPair pair : pairs) {
        Descriptions.Described target = targets.get(pair.target());

        if (source.failure() == null && target.failure() == null) {
          sound.add(pair);
          described.add(descriptionType().cast(target.description()));
        }
      }

      Iterator<Row> computed =
          sound.isEmpty()
              ? List.<Row>of().iterator()
              : TileTask.this
                  .rows(
                      worker, descriptionType().cast(source.description()), sound, described, tile)
                  .iterator();
      List<Row> rows = new ArrayList<>();

      for (PlannedPair pair : pairs) {
        Descriptions.Described target = targets.get(pair.target());
        ImageFailure failure = source.failure() != null ? source.failure() : target.failure();
        Row row = failure == null ? computed.next() : counted(pair, failure, tile);
        rows.add(Orientations.put(row, source.orientation(), target.orientation()));
      }

      counters.done().add(rows.size());
      return rows;
    }

    @Override
    public void close() {
      images.close();
      targets.keySet().forEach(descriptions::giveBack);
      WorkerPool.giveBack(context.fingerprint(), worker);
    }
  }
}

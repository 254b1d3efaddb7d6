package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.matcher.ImageFeatures;

/**
 * Computes one tile: describes its targets, then its sources, a batch at a time, and computes
 * source after source with its targets, while the rows before it are written. Images that a task of
 * this process has described before are not described again. A bad image fails its own pairs.
 *
 * @param <W> the type of what computes
 * @param <D> the type of an image's description
 */
public abstract class TileTask<W extends AutoCloseable, D extends AutoCloseable>
    implements FlatMapFunction<Tile, Row> {
  private static final long serialVersionUID = 1L;

  /** About what a failure takes that is kept. */
  private static final long FAILURE_BYTES = 1024;

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

  /** Images that are best described at a time. */
  protected abstract int batchSize(W worker);

  /** All that is computed of each image alone. */
  protected abstract List<D> describe(W worker, List<RgbImage> images);

  /** The same of an image whose features are stored, and of its pixels where they are needed. */
  protected abstract D described(W worker, RgbImage imageOrNull, ImageFeatures features);

  /** Bytes of memory that a description takes. */
  protected abstract long bytes(D description);

  /** Whether an image's pixels are needed besides its features. */
  protected boolean needsPixels() {
    return false;
  }

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
    private final DescriptionCache descriptions;
    private final ReadAhead images;
    private final Map<String, DescriptionCache.Described> targets = new HashMap<>();
    private final Map<String, DescriptionCache.Described> held = new HashMap<>();
    private final List<List<PlannedPair>> sources;
    private final int batch;
    private int next;
    private boolean closed;
    private Iterator<Row> open = List.<Row>of().iterator();

    TileRows(Tile tile) {
      Configuration configuration = context.configuration().value();
      this.tile = tile;
      this.worker =
          WorkerPool.borrow(context.fingerprint(), workerType(), () -> worker(configuration));
      this.descriptions = DescriptionCache.of(context.run(), context.task().keptBytes());
      this.images =
          new ReadAhead(
              new ImageLoader(
                  configuration, context.reading(), context.storeOrNull(), needsPixels()),
              context.task().readAhead(),
              tile.images(),
              descriptions::holds);
      this.sources = List.copyOf(tile.bySource());
      this.batch = batchSize(worker);
    }

    private void holdTargets() throws IOException {
      List<String> uris = List.copyOf(tile.targets());

      for (int from = 0; from < uris.size(); from += batch) {
        List<String> some = uris.subList(from, Math.min(uris.size(), from + batch));
        targets.putAll(descriptions.take(some, this::make));
      }
    }

    private List<DescriptionCache.Described> make(List<String> uris) throws IOException {
      List<ImageLoader.Loaded> loaded = new ArrayList<>();

      for (String uri : uris) {
        loaded.add(images.load(uri));
      }

      List<RgbImage> sound =
          loaded.stream()
              .filter(image -> image.failure() == null && !image.isDescribed())
              .map(ImageLoader.Loaded::image)
              .toList();
      counters.described().add(sound.size());
      List<D> read = stored(loaded);
      Iterator<D> described = describedOrFreed(sound, read);
      Iterator<D> stored = read.iterator();
      return loaded.stream()
          .map(
              image ->
                  image.failure() == null
                      ? kept(
                          image.isDescribed() ? stored.next() : described.next(),
                          image.orientation())
                      : new DescriptionCache.Described(null, FAILURE_BYTES, 0, image.failure()))
          .toList();
    }

    private DescriptionCache.Described kept(D description, int orientation) {
      return new DescriptionCache.Described(description, bytes(description), orientation, null);
    }

    /** Describes images; frees what was read if that fails. */
    private Iterator<D> describedOrFreed(List<RgbImage> images, List<D> read) {
      try {
        return describe(worker, images).iterator();
      } catch (RuntimeException | Error e) {
        read.forEach(WorkerPool::close);
        throw e;
      }
    }

    private List<D> stored(List<ImageLoader.Loaded> loaded) {
      loaded.stream()
          .map(ImageLoader.Loaded::stored)
          .filter(Objects::nonNull)
          .forEach(found -> context.storeOrNull().count(found));
      return CloseableLists.of(
          loaded.stream().filter(ImageLoader.Loaded::isDescribed).toList(),
          image -> described(worker, image.image(), image.stored().features().features()));
    }

    @Override
    public boolean hasNext() {
      while (!open.hasNext() && next < sources.size()) {
        if (next % batch == 0) {
          holdSources(sources.subList(next, Math.min(sources.size(), next + batch)));
        }

        List<PlannedPair> pairs = sources.get(next++);
        open = rows(held.get(pairs.get(0).source()), pairs).iterator();
      }

      if (!open.hasNext()) {
        close();
      }

      return open.hasNext();
    }

    @Override
    public Row next() {
      hasNext();
      return open.next();
    }

    private void holdSources(List<List<PlannedPair>> bySource) {
      release(held);

      try {
        held.putAll(
            descriptions.take(
                bySource.stream().map(pairs -> pairs.get(0).source()).toList(), this::make));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private List<Row> rows(DescriptionCache.Described source, List<PlannedPair> pairs) {
      List<PlannedPair> sound = new ArrayList<>();
      List<D> described = new ArrayList<>();

      for (PlannedPair pair : pairs) {
        DescriptionCache.Described target = targets.get(pair.target());

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
        DescriptionCache.Described target = targets.get(pair.target());
        ImageFailure failure = source.failure() != null ? source.failure() : target.failure();
        Row row = failure == null ? computed.next() : counted(pair, failure, tile);
        rows.add(Orientations.put(row, source.orientation(), target.orientation()));
      }

      counters.done().add(rows.size());
      return rows;
    }

    private void release(Map<String, DescriptionCache.Described> taken) {
      taken.keySet().forEach(descriptions::giveBack);
      taken.clear();
    }

    /** Called at the end of its rows, and of its task, whichever is first. */
    @Override
    public void close() {
      if (closed) {
        return;
      }

      closed = true;
      images.close();
      release(held);
      release(targets);
      WorkerPool.giveBack(context.fingerprint(), worker);
    }
  }
}

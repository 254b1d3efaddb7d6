package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;

/**
 * Computes one tile: reads and describes each image once, then matches source after source against
 * its targets. A bad image fails its own pairs.
 */
final class TileMatching implements FlatMapFunction<Tile, Row> {
  private static final long serialVersionUID = 1L;

  private final TileContext context;
  private final SerializableConfiguration configuration;
  private final LongAccumulator done;
  private final LongAccumulator failed;

  TileMatching(
      TileContext context,
      SerializableConfiguration configuration,
      LongAccumulator done,
      LongAccumulator failed) {
    this.context = context;
    this.configuration = configuration;
    this.done = done;
    this.failed = failed;
  }

  /** An image's size and either its features or its failure. */
  private record Described(int[] size, ImageFeatures features, ImageFailure failure) {}

  @Override
  public Iterator<Row> call(Tile tile) throws IOException {
    DenseMatcher matcher = MatcherPool.borrow(context, configuration.value());
    Map<String, Described> images = new HashMap<>();

    try {
      describe(tile, matcher, images);
      List<Row> rows = new ArrayList<>(tile.pairs().size());
      bySource(tile)
          .values()
          .forEach(pairs -> rows.addAll(match(matcher, pairs, images, tile.id())));
      done.add(rows.size());
      return rows.iterator();
    } finally {
      images.values().stream()
          .filter(image -> image.features() != null)
          .forEach(image -> image.features().close());
      MatcherPool.giveBack(context, matcher);
    }
  }

  private void describe(Tile tile, DenseMatcher matcher, Map<String, Described> images)
      throws IOException {
    ImageLoader loader = new ImageLoader(configuration.value(), context.limits());

    for (String uri : tile.images()) {
      ImageLoader.Loaded loaded = loader.load(uri);

      if (loaded.failure() != null) {
        images.put(uri, new Described(null, null, loaded.failure()));
      } else {
        RgbImage image = loaded.image();
        images.put(
            uri,
            new Described(
                new int[] {image.width(), image.height()}, matcher.describe(image), null));
      }
    }
  }

  private List<Row> match(
      DenseMatcher matcher, List<PlannedPair> pairs, Map<String, Described> images, int tile) {
    Described source = images.get(pairs.get(0).source());
    List<ImageFeatures> targets = new ArrayList<>();

    for (PlannedPair pair : pairs) {
      Described target = images.get(pair.target());

      if (source.failure() == null && target.failure() == null) {
        targets.add(target.features());
      }
    }

    Iterator<Match> matches =
        targets.isEmpty()
            ? List.<Match>of().iterator()
            : matcher.match(source.features(), targets).iterator();
    List<Row> rows = new ArrayList<>();

    for (PlannedPair pair : pairs) {
      Described target = images.get(pair.target());

      if (source.failure() != null || target.failure() != null) {
        failed.add(1);
        ImageFailure reason = source.failure() != null ? source.failure() : target.failure();
        rows.add(FlowTable.failed(pair, reason, context, tile));
      } else {
        rows.add(FlowTable.row(pair, source.size(), target.size(), matches.next(), context, tile));
      }
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

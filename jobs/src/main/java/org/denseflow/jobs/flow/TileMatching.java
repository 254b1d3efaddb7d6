package org.denseflow.jobs.flow;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Precision;
import org.denseflow.jobs.run.TileContext;
import org.denseflow.jobs.run.TileTask;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;

/** Matches the pairs of a tile, a source with all its targets at a time. */
final class TileMatching extends TileTask<AnyMatcher, ImageFeatures> {
  private static final long serialVersionUID = 1L;

  private final MatcherChoice matcher;
  private final String method;
  private final String backbone;
  private final FeatureSettings kept;
  private final Precision precision;

  /**
   * Makes a task.
   *
   * @param kept of features until they are matched
   * @param precision of flows
   */
  TileMatching(
      TileContext context,
      MatcherChoice matcher,
      FeatureSettings kept,
      Precision precision,
      Counters counters) {
    super(context, counters);
    this.matcher = matcher;
    this.method = matcher.config().method();
    this.backbone = matcher.config().backbone().name();
    this.kept = kept;
    this.precision = precision;
  }

  @Override
  protected Class<AnyMatcher> workerType() {
    return AnyMatcher.class;
  }

  @Override
  protected AnyMatcher worker(Configuration configuration) {
    return matcher.matcher(configuration);
  }

  @Override
  protected Class<ImageFeatures> descriptionType() {
    return ImageFeatures.class;
  }

  @Override
  protected int batchSize(AnyMatcher worker) {
    return worker.batchSize();
  }

  @Override
  protected List<ImageFeatures> describe(AnyMatcher worker, List<RgbImage> images) {
    return worker.describe(images).stream().map(kept::kept).toList();
  }

  @Override
  protected ImageFeatures described(
      AnyMatcher worker, RgbImage imageOrNull, ImageFeatures features) {
    return features;
  }

  @Override
  protected long bytes(ImageFeatures description) {
    return description.bytes();
  }

  @Override
  protected List<Row> rows(
      AnyMatcher worker,
      ImageFeatures source,
      List<PlannedPair> pairs,
      List<ImageFeatures> targets,
      Tile tile) {
    List<Match> matches = worker.match(source, targets);
    List<Row> rows = new ArrayList<>();

    for (int i = 0; i < pairs.size(); i++) {
      rows.add(
          FlowTable.row(
              pairs.get(i),
              source,
              targets.get(i),
              matches.get(i),
              new FlowTable.Origin(method, backbone, tile.id()),
              precision));
    }

    return rows;
  }

  @Override
  protected Row failed(PlannedPair pair, ImageFailure failure, Tile tile) {
    return FlowTable.failed(pair, failure, new FlowTable.Origin(method, backbone, tile.id()));
  }
}

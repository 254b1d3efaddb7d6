package org.denseflow.jobs.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.TileContext;
import org.denseflow.jobs.run.TileTask;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.style.StyleCodec;
import org.denseflow.transfer.AttributeTransfer;
import org.denseflow.transfer.AttributeTransfer.Subject;

/** Transfers attributes for the pairs of a tile. */
final class TransferTask extends TileTask<AttributeTransfer, Subject> {
  private static final long serialVersionUID = 1L;

  private final MatcherChoice matcher;
  private final TransferChoice choice;
  private final FeatureSettings kept;

  TransferTask(
      TileContext context,
      MatcherChoice matcher,
      TransferChoice choice,
      FeatureSettings kept,
      Counters counters) {
    super(context, counters);
    this.matcher = matcher;
    this.choice = choice;
    this.kept = kept;
  }

  @Override
  protected Class<AttributeTransfer> workerType() {
    return AttributeTransfer.class;
  }

  @Override
  protected AttributeTransfer worker(Configuration configuration) {
    StyleCodec codec =
        new StyleCodec(WeightFiles.local(choice.codec(), configuration).orElseThrow());

    if (!codec.digest().equals(choice.codecDigest())) {
      codec.close();
      throw new IllegalStateException(
          "Cannot use codec %s: it has changed since the run was planned"
              .formatted(choice.codec()));
    }

    try {
      return new AttributeTransfer(
          matcher.matcher(configuration), codec, choice.parameters().transfer());
    } catch (RuntimeException e) {
      codec.close();
      throw e;
    }
  }

  @Override
  protected Class<Subject> descriptionType() {
    return Subject.class;
  }

  @Override
  protected int batchSize(AttributeTransfer worker) {
    return worker.batchSize();
  }

  @Override
  protected List<Subject> describe(AttributeTransfer worker, List<RgbImage> images) {
    return worker.describe(images).stream()
        .map(own -> new Subject(own.image(), own.style(), kept.kept(own.features())))
        .toList();
  }

  @Override
  protected Subject described(
      AttributeTransfer worker, RgbImage imageOrNull, ImageFeatures features) {
    return worker.subject(imageOrNull, features);
  }

  @Override
  protected long bytes(Subject description) {
    return description.bytes();
  }

  @Override
  protected boolean needsPixels() {
    return true;
  }

  @Override
  protected List<Row> rows(
      AttributeTransfer worker,
      Subject source,
      List<PlannedPair> pairs,
      List<Subject> targets,
      Tile tile) {
    List<Row> rows = new ArrayList<>();
    Optional<ObjectLoader.Loaded> object = mask(pairs.get(0));

    for (int i = 0; i < pairs.size(); i++) {
      ImageFailure failure = object.map(ObjectLoader.Loaded::failure).orElse(null);
      rows.add(
          failure == null
              ? row(
                  worker,
                  source,
                  targets.get(i),
                  pairs.get(i),
                  object.map(ObjectLoader.Loaded::mask),
                  tile)
              : counted(pairs.get(i), failure, tile));
    }

    return rows;
  }

  /** The mask of a pair's source, or why there is none; empty where none is wanted. */
  private Optional<ObjectLoader.Loaded> mask(PlannedPair pair) {
    if (!choice.masked()) {
      return Optional.empty();
    }

    if (pair.mask().isEmpty()) {
      String reason =
          "%s has no mask in the dataset; leave --mask out to transfer everywhere"
              .formatted(pair.source());
      return Optional.of(ObjectLoader.Loaded.failed(new ImageFailure("mask.missing", reason)));
    }

    ObjectLoader loader = new ObjectLoader(context().configuration().value(), context().reading());
    return Optional.of(loader.load(pair.source(), pair.mask()));
  }

  private Row row(
      AttributeTransfer worker,
      Subject source,
      Subject target,
      PlannedPair pair,
      Optional<Mask> mask,
      Tile tile) {
    long start = System.nanoTime();
    Optional<AttributeTransfer.Result> found = worker.transfer(source, target, mask);

    if (found.isEmpty()) {
      String reason =
          "No match of %s in %s is confident enough; lower transfer.confidence, or use a larger mask"
              .formatted(pair.source(), pair.target());
      return counted(pair, new ImageFailure("transfer.no-match", reason), tile);
    }

    AttributeTransfer.Result result = found.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    byte[] strip =
        choice.parameters().strip().isPresent() ? Strips.png(source, target, result) : null;
    return StylisedTable.row(pair, result.stylised(), result.scores(), seconds, strip, tile.id());
  }

  @Override
  protected Row failed(PlannedPair pair, ImageFailure failure, Tile tile) {
    return StylisedTable.failed(pair, failure, tile.id());
  }
}

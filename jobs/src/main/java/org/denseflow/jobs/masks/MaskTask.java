package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;
import org.denseflow.transfer.ExemplarTransfer;
import org.denseflow.transfer.GlobalFeature;
import org.denseflow.transfer.RunLengths;

/**
 * Computes a tile: describes the class's exemplars, then target after target describes it, chooses
 * its shortlist, matches, and transfers. A bad exemplar is left out, a bad target has a row that
 * says why.
 */
final class MaskTask implements FlatMapFunction<MaskTile, Row> {
  private static final long serialVersionUID = 1L;

  private final MaskContext context;
  private final Counters counters;

  MaskTask(MaskContext context, Counters counters) {
    this.context = context;
    this.counters = counters;
  }

  @Override
  public Iterator<Row> call(MaskTile tile) {
    Configuration storage = context.configuration().value();
    AnyMatcher matcher =
        WorkerPool.borrow(
            context.fingerprint(), AnyMatcher.class, () -> context.matcher().matcher(storage));
    ObjectLoader loader =
        new ObjectLoader(storage, context.parameters().reading(), context.storeOrNull());
    List<Row> rows = new ArrayList<>();

    try (ExemplarStore exemplars = new ExemplarStore(context, matcher, loader)) {
      exemplars.describe(tile.exemplars());

      for (MaskImage exemplar : tile.exemplars()) {
        rows.add(exemplarRow(exemplar, exemplars, tile));
      }

      for (MaskImage target : tile.targets()) {
        MaskRow row = MaskRow.target(target, tile);
        ImageFailure failure = compute(row, target, tile, exemplars, matcher, loader);

        if (failure != null) {
          row.failed(failure);
          counters.failed().add(1);
        }

        rows.add(row.row());
        counters.done().add(1);
      }

      return rows.iterator();
    } finally {
      WorkerPool.giveBack(context.fingerprint(), matcher);
    }
  }

  private static Row exemplarRow(MaskImage image, ExemplarStore exemplars, MaskTile tile) {
    MaskRow row = MaskRow.exemplar(image, tile);
    ImageFailure failure = exemplars.failures().get(image);
    return failure == null
        ? row.put("described", exemplars.isStored(image) ? 0 : 1)
            .put("orientation", exemplars.orientation(image))
            .row()
        : row.failed(failure).row();
  }

  /** Fills a target's row; returns why it cannot, or null. */
  private ImageFailure compute(
      MaskRow row,
      MaskImage target,
      MaskTile tile,
      ExemplarStore exemplars,
      AnyMatcher matcher,
      ObjectLoader loader) {
    long start = System.nanoTime();
    ObjectLoader.Loaded loaded = target.load(loader);

    if (loaded.failure() != null) {
      return loaded.failure();
    }

    List<MaskImage> usable = new ArrayList<>();
    List<float[]> features = new ArrayList<>();

    for (int e = 0; e < exemplars.sound().size(); e++) {
      if (!exemplars.sound().get(e).uri().equals(target.uri())) {
        usable.add(exemplars.sound().get(e));
        features.add(exemplars.features().get(e));
      }
    }

    if (usable.isEmpty()) {
      return noExemplars(tile, exemplars);
    }

    RgbImage image = loaded.image();
    ImageCrop frame = context.frame(target, image.width(), image.height());
    long before = exemplars.described();

    try (ImageFeatures described = context.features(matcher, loaded, frame)) {
      float[] feature = exemplars.centred(described);
      int[] shortlist =
          GlobalFeature.nearest(feature, features, context.parameters().mask().shortlist());
      List<MaskImage> chosen = Arrays.stream(shortlist).mapToObj(usable::get).toList();
      double[] similarity =
          Arrays.stream(shortlist)
              .mapToDouble(e -> GlobalFeature.product(feature, features.get(e)))
              .toArray();
      List<ExemplarTransfer.Matched> matched = match(matcher, described, chosen, exemplars);
      ExemplarTransfer.Result result =
          new ExemplarTransfer(context.parameters().mask()).transfer(frame.of(image), matched);
      row.put("evaluated", chosen.size());
      row.put("skipped", usable.size() - chosen.size());
      row.put("feature", FlowTable.bytes(feature));
      row.put("exemplars", voters(result, chosen, similarity, matched));
      fill(row, result, frame, image);
      TargetScores.put(row, result, frame, loaded, target.box(), exemplars.firstMask(target));
    }

    row.put("orientation", loaded.orientation());
    int own = loaded.isDescribed() ? 0 : 1;
    row.put("described", (int) (own + exemplars.described() - before));
    row.put("seconds", (System.nanoTime() - start) / 1e9);
    return null;
  }

  private static ImageFailure noExemplars(MaskTile tile, ExemplarStore exemplars) {
    String reason =
        exemplars.failures().isEmpty()
            ? "class \"%s\" has none besides the image itself".formatted(tile.category())
            : "all of class \"%s\" failed, the first as: %s"
                .formatted(
                    tile.category(), exemplars.failures().values().iterator().next().detail());
    return new ImageFailure("exemplars.none", "No exemplar: " + reason);
  }

  /** One exemplar after the other: fewer may be held than a shortlist has. */
  private static List<ExemplarTransfer.Matched> match(
      AnyMatcher matcher, ImageFeatures target, List<MaskImage> chosen, ExemplarStore exemplars) {
    List<ExemplarTransfer.Matched> matched = new ArrayList<>();

    for (MaskImage image : chosen) {
      ExemplarStore.Exemplar exemplar = exemplars.exemplar(image);
      Match match = matcher.match(target, exemplar.features());
      matched.add(new ExemplarTransfer.Matched(exemplar.mask(), match));
    }

    return matched;
  }

  private static Row[] voters(
      ExemplarTransfer.Result result,
      List<MaskImage> chosen,
      double[] similarity,
      List<ExemplarTransfer.Matched> matched) {
    Row[] voters = new Row[result.voters().length];

    for (int v = 0; v < voters.length; v++) {
      int number = result.voters()[v];
      voters[v] =
          RowFactory.create(
              chosen.get(number).id(),
              chosen.get(number).uri(),
              similarity[number],
              matched.get(number).match().score(),
              result.fused().weights()[v],
              result.fused().agreements()[v]);
    }

    return voters;
  }

  private static void fill(
      MaskRow row, ExemplarTransfer.Result result, ImageCrop frame, RgbImage image) {
    Mask mask = frame.within(result.mask().mask(frame.size()), image.width(), image.height());
    row.put("width", image.width());
    row.put("height", image.height());
    row.put("mask_png", ImageEncoder.png(mask));
    row.put("soft_png", ImageEncoder.png(result.mask()));
    row.put("frame", new int[] {frame.x(), frame.y(), frame.width(), frame.height()});
    row.put("rle", RunLengths.encode(mask));
    row.put("agreement", result.agreement());
    row.put("vote_agreement", result.fused().agreement());
    row.put("certainty", result.certainty());
    row.put("stability", result.stability());
    row.put("area", mask.share());
  }
}

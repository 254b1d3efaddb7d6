package org.denseflow.jobs.synthesis;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.flow.ContactSheet;
import org.denseflow.flow.FlowColors;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Pictures;
import org.denseflow.flow.PixelFlow;
import org.denseflow.flow.Warp;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.synthesis.GroundTruth;
import org.denseflow.synthesis.PairQuality;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.SyntheticPair;

/** Draws a contact sheet of a run's first pairs, and measures how well the true flow fits them. */
final class PairSheet {
  static final String FILE = "contact-sheet.png";

  private static final int ROWS = 8;
  private static final int MEASURED = 64;
  private static final int CELL = 180;

  private PairSheet() {}

  /** Draws the first pairs of the table and measures some more. */
  static List<PairQuality> draw(
      RunDirectory run, Dataset<Row> table, PairJobParameters job, Configuration configuration) {
    List<Row> rows = table.where("status = 'ok'").limit(MEASURED).collectAsList();
    SyntheticPairs pairs = new SyntheticPairs(rows.iterator(), configuration, job.reading());
    List<List<RgbImage>> pictures = new ArrayList<>();
    List<PairQuality> qualities = new ArrayList<>();

    while (pairs.hasNext()) {
      SyntheticPair pair = pairs.next();
      qualities.add(PairQuality.of(pair));

      if (pictures.size() < ROWS) {
        pictures.add(pictures(pair));
      }
    }

    RgbImage sheet =
        ContactSheet.draw(
            List.of("source", "target", "source warped", "overlay", "flow to source", "valid"),
            pictures,
            CELL);
    run.replace(FILE, ImageEncoder.png(sheet));
    return qualities;
  }

  private static List<RgbImage> pictures(SyntheticPair pair) {
    PairRecipe recipe = pair.recipe();
    Size view = new Size(recipe.viewWidth(), recipe.viewHeight());
    FlowField back = GroundTruth.flow(recipe.reversed(), view.width(), view.height());
    RgbImage warp = Warp.backward(pair.source(), back, view);
    return List.of(
        pair.source(),
        pair.target(),
        warp,
        Pictures.overlay(pair.target(), warp),
        FlowColors.render(PixelFlow.of(back, view, view)),
        Pictures.confidence(back, view));
  }
}

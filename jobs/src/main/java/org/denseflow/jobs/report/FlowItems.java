package org.denseflow.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.denseflow.flow.FlowColors;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Pictures;
import org.denseflow.flow.PixelFlow;
import org.denseflow.flow.Warp;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.run.FlowTable;

/** Pairs of a DenseFlowJob: both images, the warp, the overlay, the flow and its confidence. */
final class FlowItems implements ItemMaker {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "flows";
  }

  @Override
  public StructType schema() {
    return FlowTable.SCHEMA;
  }

  @Override
  public String where() {
    return "pair_id not like '%" + ImagePair.SWAPPED + "'";
  }

  @Override
  public String id() {
    return "pair_id";
  }

  @Override
  public String things() {
    return "pairs";
  }

  @Override
  public Map<String, String> scores() {
    Map<String, String> scores = new LinkedHashMap<>();
    scores.put("matching score", "score");
    scores.put("confident cells", "confident");
    return scores;
  }

  @Override
  public List<Item.Panel> panels(Row row, Thumbnails thumbnails) {
    List<Item.Panel> panels = new ArrayList<>();
    Optional<RgbImage> source = thumbnails.image(row.getAs("source"));
    Optional<RgbImage> target = thumbnails.image(row.getAs("target"));
    String below = source.map(image -> thumbnails.file(row.getAs("source"), image)).orElse("");
    source.ifPresent(image -> panels.add(new Item.Panel("source", below)));
    target.ifPresent(
        image -> panels.add(new Item.Panel("target", thumbnails.file(row.getAs("target"), image))));

    if (row.getAs("status").equals(FlowTable.OK)) {
      FlowField flow = FlowTable.flow(row);

      if (source.isPresent() && target.isPresent()) {
        int width = source.get().width();
        int height = source.get().height();
        RgbImage warped = Warp.backward(target.get(), flow, width, height);
        String warp = thumbnails.jpeg(row.getAs("pair_id"), "warp", warped);
        panels.add(new Item.Panel("target warped", warp));
        panels.add(new Item.Panel("overlay", below, warp, ""));
      }

      panels.add(flow(row, flow, thumbnails));
      byte[] confidence =
          ImageEncoder.png(Pictures.confidence(flow, flow.gridWidth(), flow.gridHeight()));
      String file = thumbnails.png(row.getAs("pair_id"), "confidence", confidence);
      panels.add(new Item.Panel("confidence", file));
    }

    return panels;
  }

  private static Item.Panel flow(Row row, FlowField flow, Thumbnails thumbnails) {
    PixelFlow pixels =
        PixelFlow.of(
            flow,
            row.getAs("source_width"),
            row.getAs("source_height"),
            row.getAs("target_width"),
            row.getAs("target_height"));
    double radius = FlowColors.largestRadius(pixels);
    String file = thumbnails.jpeg(row.getAs("pair_id"), "flow", FlowColors.render(pixels, radius));
    String note = String.format(Locale.ROOT, "full colour %.0f px", radius);
    return new Item.Panel("flow", file, "", note);
  }
}

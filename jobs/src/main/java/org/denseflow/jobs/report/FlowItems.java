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
final class FlowItems implements GalleryItemMaker {
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
    scores.put("agreement", "agreement");
    return scores;
  }

  @Override
  public List<GalleryItem.Panel> panels(Row row, Thumbnails thumbnails) {
    List<GalleryItem.Panel> panels = new ArrayList<>();
    Optional<RgbImage> source = thumbnails.image(row.getAs("source"));
    Optional<RgbImage> target = thumbnails.image(row.getAs("target"));
    String below = source.map(image -> thumbnails.file(row.getAs("source"), image)).orElse("");
    source.ifPresent(image -> panels.add(new GalleryItem.Panel("source", below)));
    target.ifPresent(
        image ->
            panels.add(
                new GalleryItem.Panel("target", thumbnails.file(row.getAs("target"), image))));

    if (row.getAs("status").equals(FlowTable.OK)) {
      FlowField flow = FlowTable.flow(row);

      if (source.isPresent() && target.isPresent()) {
        RgbImage warped = Warp.backward(target.get(), flow, source.get().size());
        String warp = thumbnails.jpeg(row.getAs("pair_id"), "warp", warped);
        panels.add(new GalleryItem.Panel("target warped", warp));
        panels.add(new GalleryItem.Panel("overlay", below, warp, ""));
      }

      panels.add(flow(row, flow, thumbnails));
      byte[] confidence = ImageEncoder.png(Pictures.confidence(flow, flow.grid()));
      String file = thumbnails.png(row.getAs("pair_id"), "confidence", confidence);
      panels.add(new GalleryItem.Panel("confidence", file));
    }

    return panels;
  }

  private static GalleryItem.Panel flow(Row row, FlowField flow, Thumbnails thumbnails) {
    PixelFlow pixels = PixelFlow.of(flow, FlowTable.source(row), FlowTable.target(row));
    double radius = FlowColors.largestRadius(pixels);
    String file = thumbnails.jpeg(row.getAs("pair_id"), "flow", FlowColors.render(pixels, radius));
    String note = String.format(Locale.ROOT, "full colour %.0f px", radius);
    return new GalleryItem.Panel("flow", file, "", note);
  }
}

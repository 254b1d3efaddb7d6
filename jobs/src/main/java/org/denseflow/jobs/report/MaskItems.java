package org.denseflow.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.Mask;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.masks.MaskTable;
import org.denseflow.jobs.run.FlowTable;

/** Targets of a MaskTransferJob: the image, its mask over it, both masks, and who voted most. */
final class MaskItems implements GalleryItemMaker {
  private static final long serialVersionUID = 1L;
  private static final int VOTERS = 3;

  @Override
  public String table() {
    return "masks";
  }

  @Override
  public StructType schema() {
    return MaskTable.SCHEMA;
  }

  @Override
  public String where() {
    return "role = 'target'";
  }

  @Override
  public String id() {
    return "image_id";
  }

  @Override
  public String things() {
    return "masks";
  }

  @Override
  public Map<String, String> scores() {
    Map<String, String> scores = new LinkedHashMap<>();
    scores.put("IoU", "iou");
    scores.put("agreement", "agreement");
    scores.put("LT-ACC", "lt_acc");
    scores.put("IoU unrefined", "fused_iou");
    scores.put("IoU best exemplar", "best_iou");
    scores.put("IoU copied mask", "copy_iou");
    scores.put("IoU box", "box_iou");
    scores.put("certainty", "certainty");
    scores.put("area", "area");
    return scores;
  }

  @Override
  public List<GalleryItem.Panel> panels(Row row, Thumbnails thumbnails) {
    List<GalleryItem.Panel> panels = new ArrayList<>();
    Optional<RgbImage> image = thumbnails.image(row.getAs("image"));
    image.ifPresent(
        small ->
            panels.add(new GalleryItem.Panel("image", thumbnails.file(row.getAs("image"), small))));

    if (!row.getAs("status").equals(FlowTable.OK)) {
      return panels;
    }

    String id = row.getAs("image_id");
    RgbImage drawn = thumbnails.small(Thumbnails.decode(row.getAs("mask_png")));
    image.ifPresent(
        small -> {
          RgbImage shown = tinted(small, MaskDecoder.of(drawn));
          panels.add(new GalleryItem.Panel("overlay", thumbnails.jpeg(id, "overlay", shown)));
        });
    byte[] mask = ImageEncoder.png(MaskDecoder.of(drawn));
    panels.add(new GalleryItem.Panel("mask", thumbnails.png(id, "mask", mask)));
    RgbImage soft = Thumbnails.decode(row.getAs("soft_png"));
    panels.add(new GalleryItem.Panel("soft mask", thumbnails.jpeg(id, "soft", soft)));
    voters(row, thumbnails, panels);
    return panels;
  }

  private static void voters(Row row, Thumbnails thumbnails, List<GalleryItem.Panel> panels) {
    List<Row> voters = row.getList(row.fieldIndex("exemplars"));
    voters.stream()
        .sorted((a, b) -> Double.compare(b.getAs("weight"), a.getAs("weight")))
        .limit(VOTERS)
        .forEach(
            voter -> {
              String uri = voter.getAs("image");
              double weight = voter.getAs("weight");
              String note = String.format(Locale.ROOT, "%.0f %% of the vote", 100 * weight);
              thumbnails
                  .image(uri)
                  .ifPresent(
                      small ->
                          panels.add(
                              new GalleryItem.Panel(
                                  "exemplar", thumbnails.file(uri, small), "", note)));
            });
  }

  /** The background darkened and grey. */
  private static RgbImage tinted(RgbImage image, Mask mask) {
    byte[] pixels = image.pixels().clone();

    for (int i = 0; i < mask.inside().length; i++) {
      if (!mask.inside()[i]) {
        int sum = 0;

        for (int c = 0; c < 3; c++) {
          sum += pixels[3 * i + c] & 0xff;
        }

        pixels[3 * i] = (byte) (sum / 9);
        pixels[3 * i + 1] = (byte) (sum / 9);
        pixels[3 * i + 2] = (byte) (60 + sum / 6);
      }
    }

    return new RgbImage(image.width(), image.height(), pixels);
  }
}

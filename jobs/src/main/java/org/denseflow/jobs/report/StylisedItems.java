package org.denseflow.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.transfer.StylisedTable;

/** Pairs of an AttributeTransferJob: both images, the stylised one, and its iterations. */
final class StylisedItems implements GalleryItemMaker {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "stylised";
  }

  @Override
  public StructType schema() {
    return StylisedTable.SCHEMA;
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
    scores.put("colour moved", "colour_moved");
    scores.put("Gram moved", "gram_moved");
    scores.put("content", "content");
    scores.put("edges", "edges");
    scores.put("seconds", "seconds");
    return scores;
  }

  @Override
  public List<GalleryItem.Panel> panels(Row row, Thumbnails thumbnails) {
    List<GalleryItem.Panel> panels = new ArrayList<>();

    for (String side : List.of("source", "target")) {
      String uri = row.getAs(side);
      thumbnails
          .image(uri)
          .ifPresent(small -> panels.add(new GalleryItem.Panel(side, thumbnails.file(uri, small))));
    }

    add(panels, row, thumbnails, "stylised_png", "stylised");
    add(panels, row, thumbnails, "strip_png", "iterations");
    return panels;
  }

  private static void add(
      List<GalleryItem.Panel> panels, Row row, Thumbnails thumbnails, String column, String title) {
    byte[] png = row.getAs(column);

    if (png != null) {
      String file = thumbnails.jpeg(row.getAs("pair_id"), title, Thumbnails.decode(png));
      panels.add(new GalleryItem.Panel(title, file));
    }
  }
}

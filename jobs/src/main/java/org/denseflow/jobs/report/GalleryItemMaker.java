package org.denseflow.jobs.report;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Makes gallery entries of one kind of table. */
interface GalleryItemMaker extends Serializable {

  /** The table's name in a run. */
  String table();

  /** The table's columns. */
  StructType schema();

  /** Which of its rows are shown. */
  default String where() {
    return "true";
  }

  /** The column that names a row. */
  String id();

  /** What a row is, in the plural. */
  String things();

  /** Score columns by the name they are shown under, most telling first. */
  Map<String, String> scores();

  /** The pictures of a row; as many as there are for one that failed. */
  List<GalleryItem.Panel> panels(Row row, Thumbnails thumbnails);

  /** The entry of a row. */
  default GalleryItem item(Row row, Thumbnails thumbnails) {
    boolean failed = row.getAs("status").equals("failed");
    Map<String, Double> known = new TreeMap<>();
    scores()
        .forEach(
            (name, column) -> {
              Number value = row.getAs(column);

              if (value != null && !failed) {
                known.put(name, value.doubleValue());
              }
            });
    return new GalleryItem(
        row.getAs(id()),
        row.getAs("category"),
        failed ? row.getAs("error_code") : "",
        failed ? row.getAs("error_detail") : "",
        known,
        panels(row, thumbnails));
  }
}

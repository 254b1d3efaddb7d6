package org.denseflow.jobs.masks;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ImageFailure;

/** Builds a row of the masks table: cells by column, null where nothing was put. */
final class MaskRow {
  private final Map<String, Object> cells = new TreeMap<>();

  private MaskRow(MaskImage image, String role, MaskTile tile) {
    put("image_id", image.id());
    put("category", tile.category());
    put("image", image.uri());
    put("role", role);
    put("status", FlowTable.OK);
    put("tile", tile.id());
  }

  static MaskRow target(MaskImage image, MaskTile tile) {
    return new MaskRow(image, MaskTable.TARGET, tile);
  }

  static MaskRow exemplar(MaskImage image, MaskTile tile) {
    return new MaskRow(image, MaskTable.EXEMPLAR, tile);
  }

  MaskRow failed(ImageFailure failure) {
    put("error_code", failure.code());
    put("error_detail", failure.detail());
    return put("status", FlowTable.FAILED);
  }

  MaskRow put(String column, Object value) {
    MaskTable.SCHEMA.fieldIndex(column);
    cells.put(column, value);
    return this;
  }

  /** Puts a score unless it is not defined, 0 by 0. */
  MaskRow putScore(String column, double score) {
    return Double.isNaN(score) ? this : put(column, score);
  }

  Row row() {
    Object[] values = new Object[MaskTable.SCHEMA.size()];

    for (int i = 0; i < values.length; i++) {
      values[i] = cells.get(MaskTable.SCHEMA.fields()[i].name());
    }

    return RowFactory.create(values);
  }
}

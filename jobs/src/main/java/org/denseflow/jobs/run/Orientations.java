package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.denseflow.image.Orientation;

/** EXIF orientation tags in the tables of pairs, whose last two columns they are. */
public final class Orientations {
  /** What a column of orientation tags means. */
  public static final String COMMENT =
      "EXIF tag of the file, 1 without; followed unless input.orientation is stored";

  private Orientations() {}

  /** A row with its last two cells filled; 0 for a file that could not be read. */
  static Row put(Row row, int source, int target) {
    Object[] cells = new Object[row.size()];

    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.get(i);
    }

    cells[cells.length - 2] = source == 0 ? null : source;
    cells[cells.length - 1] = target == 0 ? null : target;
    return RowFactory.create(cells);
  }

  /** What people are told of the tags in a table of pairs. */
  static Optional<String> noteOfPairs(Dataset<Row> rows, Config config) {
    Dataset<Row> tagged = rows.where("source_orientation > 1 or target_orientation > 1");
    return tagged.isEmpty()
        ? Optional.empty()
        : note(
            tagged
                .selectExpr("source", "source_orientation")
                .union(tagged.selectExpr("target", "target_orientation"))
                .toDF("image", "orientation"),
            config);
  }

  /** What people are told of the tags in a table with the columns image and orientation. */
  public static Optional<String> note(Dataset<Row> images, Config config) {
    return note(
        images.where("orientation > 1").select("image").distinct().count(),
        Reading.of(config).orientation());
  }

  /** What people are told of some images with a tag. */
  public static Optional<String> note(long tagged, Orientation orientation) {
    String images = tagged == 1 ? "1 image has" : tagged + " images have";
    String done =
        switch (orientation) {
          case UPRIGHT -> "turned upright, as viewers show them (input.orientation = upright)";
          case STORED ->
              "the stored pixels were used, as the annotations of a benchmark mean them (input.orientation = stored)";
        };
    return tagged == 0
        ? Optional.empty()
        : Optional.of("orientation: %s an EXIF orientation tag: %s".formatted(images, done));
  }
}

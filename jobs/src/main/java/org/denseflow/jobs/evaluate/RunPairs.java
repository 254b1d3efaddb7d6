package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.ImagePair;

/** Joins the rows of a run with the pairs of a dataset, by pair id alone. */
final class RunPairs {
  private static final int EXAMPLES = 3;

  private RunPairs() {}

  /**
   * A run and a dataset by name, for messages.
   *
   * @param run its URI
   * @param madeOf the dataset that it was made of
   * @param dataset the dataset that it is scored with
   */
  record Names(String run, String madeOf, String dataset) {}

  /**
   * Compares the ids.
   *
   * @param ids the dataset's, a column {@code pair_id}
   * @return what to tell the user, a line each
   * @throws UsageException if a pair has two rows, or none is of the dataset
   */
  static List<String> check(Dataset<Row> rows, Dataset<Row> ids, Names names) {
    requireOnce(rows, names);
    List<String> notes = new ArrayList<>();

    if (!names.madeOf().equals(names.dataset())) {
      notes.add("the run was made of %s".formatted(names.madeOf()));
    }

    Dataset<Row> others = others(rows, ids);
    long count = others.count();

    if (count == 0) {
      return notes;
    }

    List<String> examples = examples(others);

    if (count == rows.count()) {
      throw new UsageException(
          ("Cannot evaluate %s with %s: no pair id of the run is one of the dataset. The run, made of"
                  + " %s, has such as %s, the dataset %s. Pass the --dataset that the run was made of,"
                  + " with the same options")
              .formatted(names.run(), names.dataset(), names.madeOf(), examples, examples(ids)));
    }

    notes.add(
        "%d of the run's rows are of no pair of the dataset and are not counted, such as %s"
            .formatted(count, examples.get(0)));
    return notes;
  }

  private static List<String> examples(Dataset<Row> ids) {
    return ids.orderBy("pair_id").as(Encoders.STRING()).takeAsList(EXAMPLES);
  }

  /** The ids of rows that are neither of a pair of the dataset nor of its swapped one. */
  private static Dataset<Row> others(Dataset<Row> rows, Dataset<Row> ids) {
    Column own =
        functions.regexp_replace(
            rows.col("pair_id"), functions.lit(ImagePair.SWAPPED + "$"), functions.lit(""));
    return rows.select("pair_id").join(ids, own.equalTo(ids.col("pair_id")), "left_anti");
  }

  private static void requireOnce(Dataset<Row> rows, Names names) {
    List<Row> twice =
        rows.groupBy("pair_id")
            .agg(functions.count("*").as("rows"))
            .where("rows > 1")
            .takeAsList(1);

    if (!twice.isEmpty()) {
      throw new UsageException(
          "Cannot evaluate %s: pair %s has %d rows; files of another run may lie in its flows folder"
              .formatted(names.run(), twice.get(0).get(0), twice.get(0).getLong(1)));
    }
  }
}

package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
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
   * @return what to tell the user, a line each
   * @throws UsageException if a pair has two rows, or none is of the dataset
   */
  static List<String> check(Dataset<Row> rows, List<ImagePair> pairs, Names names) {
    requireOnce(rows, names);
    List<String> notes = new ArrayList<>();

    if (!names.madeOf().equals(names.dataset())) {
      notes.add("the run was made of %s".formatted(names.madeOf()));
    }

    JavaRDD<String> others = others(rows, pairs);
    long count = others.count();

    if (count == 0) {
      return notes;
    }

    List<String> examples = others.takeOrdered(EXAMPLES);

    if (count == rows.count()) {
      throw new UsageException(
          ("Cannot evaluate %s with %s: no pair id of the run is one of the dataset. The run, made of"
                  + " %s, has such as %s, the dataset %s. Pass the --dataset that the run was made of,"
                  + " with the same options")
              .formatted(
                  names.run(),
                  names.dataset(),
                  names.madeOf(),
                  examples,
                  pairs.stream().limit(EXAMPLES).map(ImagePair::pairId).toList()));
    }

    notes.add(
        "%d of the run's rows are of no pair of the dataset and are not counted, such as %s"
            .formatted(count, examples.get(0)));
    return notes;
  }

  private static JavaRDD<String> others(Dataset<Row> rows, List<ImagePair> pairs) {
    Set<String> known = new HashSet<>();

    for (ImagePair pair : pairs) {
      known.add(pair.pairId());
      known.add(pair.pairId() + ImagePair.SWAPPED);
    }

    Broadcast<Set<String>> broadcast =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(known);
    return rows.select("pair_id")
        .javaRDD()
        .map(row -> row.getString(0))
        .filter(id -> !broadcast.value().contains(id));
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

package org.denseflow.jobs.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * The pairs of a run: some that the driver holds, or rows of any number that executors read. Ids
 * are unique.
 */
public final class PairList {
  /** A list of more pairs is not held by the driver. */
  public static final int MOST_HELD = 100_000;

  /** The columns of rows, none of them null. */
  public static final StructType SCHEMA =
      new StructType()
          .add("pair_id", DataTypes.StringType, false)
          .add("source", DataTypes.StringType, false)
          .add("target", DataTypes.StringType, false)
          .add("category", DataTypes.StringType, false)
          .add("source_mask", DataTypes.StringType, false);

  private static final int SLICE = 20_000;

  private final List<PlannedPair> held;
  private final Dataset<Row> rows;
  private final Supplier<DatasetException> nameless;

  private PairList(List<PlannedPair> held, Dataset<Row> rows, Supplier<DatasetException> nameless) {
    this.held = held;
    this.rows = rows;
    this.nameless = nameless;
  }

  /** A dataset's pairs. */
  public static PairList of(SparkSession spark, List<ImagePair> pairs, boolean masked) {
    List<PlannedPair> planned = pairs.stream().map(pair -> PlannedPair.of(pair, masked)).toList();

    if (planned.size() <= MOST_HELD) {
      return new PairList(planned, null, PairList::nameless);
    }

    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return of(
        spark.createDataFrame(
            java.parallelize(planned, planned.size() / SLICE + 1).map(PairList::row), SCHEMA));
  }

  /** Rows with the columns of {@link #SCHEMA}; a short list is fetched. */
  public static PairList of(Dataset<Row> rows) {
    return of(rows, PairList::nameless);
  }

  /**
   * As {@link #of(Dataset)}.
   *
   * @param nameless what {@link #summary} throws where a pair lacks its source or target
   */
  static PairList of(Dataset<Row> rows, Supplier<DatasetException> nameless) {
    List<Row> first = rows.limit(MOST_HELD + 1).collectAsList();
    return first.size() > MOST_HELD
        ? new PairList(null, rows, nameless)
        : new PairList(first.stream().map(row -> pair(row, 0)).toList(), null, nameless);
  }

  private static DatasetException nameless() {
    return new DatasetException("A pair lacks its source or target");
  }

  /** The pairs, if the driver holds them. */
  public Optional<List<PlannedPair>> held() {
    return Optional.ofNullable(held);
  }

  /** The rows, if it does not. */
  public Dataset<Row> rows() {
    return rows;
  }

  /**
   * Its size, its digest and a sample.
   *
   * @throws DatasetException if a pair lacks its source or target
   */
  public ListSummary summary() {
    ListSummary summary =
        held == null
            ? rows.javaRDD()
                .map(row -> pair(row, 0))
                .aggregate(new ListSummary(), ListSummary::plus, ListSummary::plus)
            : held.stream().collect(ListSummary::new, ListSummary::plus, ListSummary::plus);

    if (summary.nameless() > 0) {
      throw nameless.get();
    }

    return summary;
  }

  /** All of it as rows, also where the driver holds the pairs. */
  Dataset<Row> table(SparkSession spark) {
    return held == null
        ? rows
        : spark.createDataFrame(held.stream().map(PairList::row).toList(), SCHEMA);
  }

  /** The row of a pair. */
  public static Row row(PlannedPair pair) {
    return RowFactory.create(
        pair.pairId(), pair.source(), pair.target(), pair.category(), pair.mask());
  }

  /** The pair of a row whose columns of {@link #SCHEMA} begin at {@code first}. */
  public static PlannedPair pair(Row row, int first) {
    return new PlannedPair(
        row.getString(first),
        row.getString(first + 1),
        row.getString(first + 2),
        row.getString(first + 3),
        row.getString(first + 4));
  }
}

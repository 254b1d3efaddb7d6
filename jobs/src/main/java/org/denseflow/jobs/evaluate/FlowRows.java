package org.denseflow.jobs.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.dataset.ImagePair;
import scala.Tuple3;
import scala.Tuple4;

/**
 * Joins the pairs of a dataset with the rows of a run that hold the flow which a protocol reads of
 * each, by pair id: the pair's own row; or, for a flow that is read backwards, that of a listed
 * pair of the same images the other way round, else that of the swapped pair.
 */
final class FlowRows {
  private static final String ROW_ID = "row_id";
  private static final String RANK = "rank";
  private static final String PAIR = "pair";

  /** The columns that scores are made of. */
  private static final String[] COLUMNS = {
    "pair_id",
    "source",
    "target",
    "status",
    "error_code",
    "error_detail",
    "source_width",
    "source_height",
    "target_width",
    "target_height",
    "grid_width",
    "grid_height",
    "flow",
    "flow_encoding",
    "confidence",
    "valid"
  };

  private FlowRows() {}

  /** The pairs as a table that can be joined. */
  static Dataset<Row> pairs(SparkSession spark, JavaRDD<ImagePair> pairs) {
    Encoder<Tuple4<String, String, String, ImagePair>> encoder =
        Encoders.tuple(
            Encoders.STRING(),
            Encoders.STRING(),
            Encoders.STRING(),
            Encoders.javaSerialization(ImagePair.class));
    return spark
        .createDataset(
            pairs
                .map(pair -> new Tuple4<>(pair.pairId(), pair.source(), pair.target(), pair))
                .rdd(),
            encoder)
        .toDF("pair_id", "source", "target", PAIR);
  }

  /**
   * Each pair with each row that may hold its flow.
   *
   * @param pairs of {@link #pairs}
   * @param flows rows of a run, one for a pair id
   * @param swapped whether flows are read backwards
   * @param regions whether matched regions are read besides
   * @return the pair; the rank of the row, of which the first in order serves best; and the row,
   *     whose {@code pair_id} is null where the run has none
   */
  static JavaRDD<Tuple3<ImagePair, String, Row>> join(
      Dataset<Row> pairs, Dataset<Row> flows, boolean swapped, boolean regions) {
    Dataset<Row> wanted =
        swapped
            ? pairs.join(directions(pairs), new String[] {"source", "target"})
            : pairs.withColumn(ROW_ID, col("pair_id")).withColumn(RANK, lit(""));
    Column row =
        struct(
            Stream.concat(Stream.of(COLUMNS), regions ? Stream.of("regions") : Stream.empty())
                .map(name -> flows.col(name))
                .toArray(Column[]::new));
    // A merge of sorted rows: Spark would else send a small table of flows through the driver.
    Dataset<Row> joined =
        wanted
            .select(ROW_ID, RANK, PAIR)
            .join(flows.hint("merge"), col(ROW_ID).equalTo(flows.col("pair_id")), "left_outer")
            .select(col(PAIR), col(RANK), row.as("row"));
    return joined
        .as(
            Encoders.tuple(
                Encoders.javaSerialization(ImagePair.class),
                Encoders.STRING(),
                Encoders.row((StructType) joined.schema().apply("row").dataType())))
        .javaRDD();
  }

  /** The rows that hold a flow from source to target read backwards. */
  private static Dataset<Row> directions(Dataset<Row> pairs) {
    Column swapped = concat(col("pair_id"), lit(ImagePair.SWAPPED));
    return pairs
        .select(
            col("target").as("source"),
            col("source").as("target"),
            col("pair_id").as(ROW_ID),
            concat(lit("0 "), col("pair_id")).as(RANK))
        .union(
            pairs.select(col("source"), col("target"), swapped, concat(lit("1 "), col("pair_id"))));
  }
}

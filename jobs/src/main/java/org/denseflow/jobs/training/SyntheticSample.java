package org.denseflow.jobs.training;

import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.synthesis.SyntheticPairs;
import org.denseflow.training.TrainingPair;

/**
 * A pair of a SyntheticPairJob's run.
 *
 * @param row of its table, without pixels: views are rendered, which gives the same ones
 * @param own how its run read images
 */
record SyntheticSample(Row row, Reading own) implements PairSample {

  @Override
  public String id() {
    return row.getAs("pair_id");
  }

  @Override
  public String key() {
    return HexFormat.of().formatHex(row.getAs("row_digest"));
  }

  @Override
  public List<String> images() {
    return List.of(row.<String>getAs("image_id"));
  }

  @Override
  public TrainingPair load(Configuration configuration, Reading reading) {
    SyntheticPairs pairs = new SyntheticPairs(List.of(row).iterator(), configuration, own);
    return TrainingPair.of(id(), pairs.next());
  }
}

package org.denseflow.jobs.run;

import java.io.Serializable;
import java.util.UUID;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The context of a tile's task, the same in every job over pairs, small enough to be sent with it.
 *
 * @param run this execution of a run, by which a process keeps descriptions: like no other's
 * @param fingerprint of the run: what computes pairs is shared by it within a process
 * @param reading how images are read
 * @param task what a process keeps and reads ahead
 * @param configuration of the storage
 * @param storeOrNull where features are that images have already
 */
public record TileContext(
    String run,
    String fingerprint,
    Reading reading,
    TaskParameters task,
    SerializableConfiguration configuration,
    FeatureStore storeOrNull)
    implements Serializable {

  /** The context of the tasks of one more execution. */
  public static TileContext of(
      String fingerprint,
      Reading reading,
      TaskParameters task,
      SerializableConfiguration configuration,
      FeatureStore storeOrNull) {
    return new TileContext(
        UUID.randomUUID().toString(), fingerprint, reading, task, configuration, storeOrNull);
  }
}

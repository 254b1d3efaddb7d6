package org.denseflow.jobs.run;

import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The context of a tile's task, the same in every job over pairs, small enough to be sent with it.
 *
 * @param fingerprint of the run: what computes pairs is shared by it within a process
 * @param reading how images are read
 * @param task what a process keeps and reads ahead
 * @param configuration of the storage
 * @param storeOrNull where features are that images have already
 */
public record TileContext(
    String fingerprint,
    Reading reading,
    TaskParameters task,
    SerializableConfiguration configuration,
    FeatureStore storeOrNull)
    implements Serializable {}

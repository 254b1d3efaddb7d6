package org.denseflow.jobs.run;

import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the task of every run needs to know, small enough to travel with it.
 *
 * @param fingerprint of the run: what computes pairs is shared by it within a process
 * @param reading how images are read
 * @param task what a process keeps and reads ahead
 * @param configuration of the storage
 */
public record TileContext(
    String fingerprint,
    Reading reading,
    TaskParameters task,
    SerializableConfiguration configuration)
    implements Serializable {}

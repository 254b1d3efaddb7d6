package org.denseflow.jobs.training;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.training.LearnerFiles;

/**
 * The files that a training reads, each empty without.
 *
 * @param weights URI of the frozen backbone's weights
 * @param features URI of a trained SFNet whose adaptation layers follow the backbone
 * @param codec URI of the style network
 * @param start URI of a model whose parameters training starts with
 */
record TrainFiles(String weights, String features, String codec, String start)
    implements Serializable {

  /** On this machine. */
  LearnerFiles local(Configuration configuration) {
    return new LearnerFiles(
        WeightFiles.local(weights, configuration),
        WeightFiles.local(features, configuration),
        WeightFiles.local(codec, configuration),
        WeightFiles.local(start, configuration));
  }
}

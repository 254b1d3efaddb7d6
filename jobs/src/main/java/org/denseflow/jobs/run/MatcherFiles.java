package org.denseflow.jobs.run;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.matcher.MethodFiles;

/**
 * The files that a method reads, each empty without.
 *
 * @param weights URI of the backbone's weight file
 * @param model URI of a trained model
 * @param projection URI of a projection of the features
 */
public record MatcherFiles(String weights, String model, String projection)
    implements Serializable {

  MatcherFiles withProjection(String uri) {
    return new MatcherFiles(weights, model, uri);
  }

  /** On this machine. */
  MethodFiles local(Configuration configuration) {
    return new MethodFiles(
        WeightFiles.local(weights, configuration),
        WeightFiles.local(model, configuration),
        WeightFiles.local(projection, configuration));
  }
}

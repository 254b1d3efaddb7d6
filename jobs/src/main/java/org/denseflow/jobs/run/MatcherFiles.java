package org.denseflow.jobs.run;

import java.io.Serializable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Those there are, for messages. */
  String names() {
    return Stream.of(weights, model, projection)
        .filter(Predicate.not(String::isEmpty))
        .collect(Collectors.joining(" or "));
  }

  /** On this machine. */
  MethodFiles local(Configuration configuration) {
    return new MethodFiles(
        WeightFiles.local(weights, configuration),
        WeightFiles.local(model, configuration),
        WeightFiles.local(projection, configuration));
  }
}

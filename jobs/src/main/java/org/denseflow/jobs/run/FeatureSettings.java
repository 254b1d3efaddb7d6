package org.denseflow.jobs.run;

import java.io.Serializable;
import org.denseflow.matcher.ImageFeatures;

/**
 * Settings of how features are kept until they are matched.
 *
 * @param precision in a process's memory; matching itself is in single precision
 */
public record FeatureSettings(Precision precision) implements Serializable {
  /** Where a job's settings say nothing. */
  public static final FeatureSettings DEFAULT = new FeatureSettings(Precision.SINGLE);

  /** Features as they are kept; the given ones belong to the result. */
  public ImageFeatures kept(ImageFeatures features) {
    return precision == Precision.HALF ? features.narrowed() : features;
  }
}

package org.denseflow.jobs.synthesis;

import com.typesafe.config.Config;
import java.util.List;

/**
 * The request for a run of SyntheticPairJob.
 *
 * @param address where the images come from, for the manifest
 * @param images the images, sorted by id
 * @param config the resolved configuration: the preset's keys and those of {@code
 *     conf/synthetic-pairs.conf}
 * @param preset the preset's name
 * @param pairsPerImage pairs of each image
 * @param materialise whether rows hold pixels
 * @param fields whether dense flows are written too
 * @param out output directory
 * @param seed the run's seed
 * @param maxFailedFraction share of failed pairs that is still a success
 */
record PairRequest(
    String address,
    List<ImageList.Entry> images,
    Config config,
    String preset,
    int pairsPerImage,
    Materialise materialise,
    boolean fields,
    String out,
    long seed,
    double maxFailedFraction) {

  /** What a row holds. */
  enum Materialise {
    RECIPE,
    PIXELS
  }
}

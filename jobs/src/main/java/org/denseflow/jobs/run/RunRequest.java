package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.util.List;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * A run as asked for.
 *
 * @param dataset its address, for the manifest
 * @param pairs the pairs in the dataset's order
 * @param config the resolved configuration: the method's keys and the job's
 * @param files that the method reads
 * @param out output directory
 * @param tables derived tables
 * @param seed of methods that draw random numbers
 * @param maxFailedFraction share of failed pairs that is still a success
 */
public record RunRequest(
    String dataset,
    List<ImagePair> pairs,
    Config config,
    MatcherFiles files,
    String out,
    List<String> tables,
    long seed,
    double maxFailedFraction) {}

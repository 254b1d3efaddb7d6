package org.denseflow.jobs.projection;

import com.typesafe.config.Config;
import java.util.List;
import org.denseflow.jobs.run.MatcherChoice;

/**
 * The request for a run of ProjectionJob.
 *
 * @param address where the images come from, for the manifest
 * @param sample URIs of those that are described
 * @param config the resolved configuration: the method's keys and the job's
 * @param features what describes them
 * @param components channels that are kept
 * @param seed of the sample
 * @param out output directory
 */
record ProjectionRequest(
    String address,
    List<String> sample,
    Config config,
    MatcherChoice features,
    int components,
    long seed,
    String out) {}

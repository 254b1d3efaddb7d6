package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.util.List;
import org.denseflow.jobs.plan.PairList;

/**
 * The request for a run over pairs.
 *
 * @param dataset its address, for the manifest
 * @param pairs the pairs, with swapped ones
 * @param config the resolved configuration: the method's keys and the job's
 * @param files that the method reads
 * @param out output directory
 * @param tables derived tables
 * @param maxFailedFraction share of failed pairs that is still a success
 */
public record RunRequest(
    String dataset,
    PairList pairs,
    Config config,
    MatcherFiles files,
    String out,
    List<String> tables,
    double maxFailedFraction) {}

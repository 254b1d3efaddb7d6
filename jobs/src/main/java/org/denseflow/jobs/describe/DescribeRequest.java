package org.denseflow.jobs.describe;

import com.typesafe.config.Config;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.MatcherChoice;

/**
 * The request for a run of DescribeJob.
 *
 * @param address where the images come from, for the manifest
 * @param images distinct URIs, the column {@code image}
 * @param config the resolved configuration: the method's keys and those of {@code
 *     conf/describe.conf}
 * @param matcher what describes them
 * @param out output directory
 * @param maxFailedFraction share of failed images that is still a success
 */
record DescribeRequest(
    String address,
    Dataset<Row> images,
    Config config,
    MatcherChoice matcher,
    String out,
    double maxFailedFraction) {}

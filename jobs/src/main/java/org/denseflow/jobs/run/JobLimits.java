package org.denseflow.jobs.run;

/**
 * The settings of {@code conf/job.conf}, which every job has.
 *
 * @param limits what an image may be
 */
public record JobLimits(Limits limits) {}

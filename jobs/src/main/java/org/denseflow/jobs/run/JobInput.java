package org.denseflow.jobs.run;

/**
 * The settings of {@code conf/job.conf}, which every job has.
 *
 * @param limits what an image may be
 * @param input how its pixels are understood
 */
public record JobInput(LimitSettings limits, InputSettings input) {}

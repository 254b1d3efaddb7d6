package org.denseflow.jobs.projection;

import org.denseflow.jobs.run.Limits;

/**
 * The settings of {@code conf/job.conf}.
 *
 * @param limits what an image may be
 */
public record ProjectionParameters(Limits limits) {}

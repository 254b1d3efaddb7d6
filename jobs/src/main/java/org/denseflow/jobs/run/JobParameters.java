package org.denseflow.jobs.run;

import org.denseflow.jobs.plan.PlanParameters;

/** The settings of {@code conf/job.conf}. */
public record JobParameters(PlanParameters plan, Limits limits) {}

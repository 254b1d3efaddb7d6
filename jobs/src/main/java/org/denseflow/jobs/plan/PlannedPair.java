package org.denseflow.jobs.plan;

import java.io.Serializable;

/** One pair of the plan, without its annotation. */
public record PlannedPair(String pairId, String source, String target, String category)
    implements Serializable {}

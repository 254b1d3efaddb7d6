package org.denseflow.jobs.run;

import org.denseflow.jobs.plan.PlanParameters;

/** The settings of {@code conf/flows.conf}. */
public record JobParameters(PlanParameters plan, TaskParameters task, Limits limits, Flows flows) {

  /**
   * How flows are stored.
   *
   * @param precision of displacements and confidence
   */
  public record Flows(Precision precision) {}
}

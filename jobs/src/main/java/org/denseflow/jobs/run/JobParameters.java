package org.denseflow.jobs.run;

import org.denseflow.jobs.plan.PlanParameters;

/** The settings of {@code conf/flows.conf}. */
public record JobParameters(
    PlanParameters plan,
    TaskParameters task,
    LimitSettings limits,
    InputSettings input,
    FeatureSettings features,
    Flows flows) {

  /** How images and masks are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /**
   * How flows are stored.
   *
   * @param precision of displacements and confidence
   */
  public record Flows(Precision precision) {}
}

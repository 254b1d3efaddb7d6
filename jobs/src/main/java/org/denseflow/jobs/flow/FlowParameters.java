package org.denseflow.jobs.flow;

import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Precision;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.TaskParameters;

/** The settings of {@code conf/flows.conf}. */
public record FlowParameters(
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

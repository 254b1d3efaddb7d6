package org.denseflow.jobs.transfer;

import java.util.Optional;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.TaskParameters;
import org.denseflow.transfer.AttributeParameters;

/**
 * The settings of {@code conf/pairs.conf} and {@code conf/transfer/attribute.conf}.
 *
 * @param features how features are kept; in single precision, if absent
 * @param strip whether rows have a picture of all iterations; not, if absent
 */
public record TransferParameters(
    PlanParameters plan,
    TaskParameters task,
    LimitSettings limits,
    InputSettings input,
    AttributeParameters transfer,
    Optional<FeatureSettings> features,
    Optional<Strip> strip) {

  /** How images and masks are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /** Whether the iterations' images are kept. */
  public enum Strip {
    /** Rows have a picture of them. */
    KEEP
  }
}

package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.schemas.RunManifest;

/**
 * How images and masks are read.
 *
 * @param limits what an image may be
 * @param orientation whether EXIF orientation tags are followed
 * @param masks which pixels of a mask are the object
 */
public record Reading(LimitSettings limits, Orientation orientation, MaskRule masks)
    implements Serializable {
  private static final Config BEFORE =
      ConfigFactory.parseString("input { orientation = stored, mask-labels = [] }");

  /** As the settings say. */
  public static Reading of(LimitSettings limits, InputSettings input) {
    return new Reading(limits, input.orientation(), input.rule());
  }

  /** As a finished run read its own. */
  public static Reading of(RunManifest run) {
    return of(Presets.ofRun(run.config()));
  }

  /** As a run's settings say; runs of before kept stored pixels. */
  public static Reading of(Config run) {
    JobInput job = JobConfig.of(run.withFallback(BEFORE), JobInput.class).job();
    return of(job.limits(), job.input());
  }
}

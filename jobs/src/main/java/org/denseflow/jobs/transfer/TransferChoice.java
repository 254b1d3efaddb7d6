package org.denseflow.jobs.transfer;

import com.typesafe.config.Config;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.style.StyleWeights;

/**
 * A run's choices for the transfer besides its matcher, small enough to be sent with a task.
 *
 * @param settings the job's configuration, canonical JSON
 * @param codec URI of the codec's weights
 * @param codecDigest what they must be
 * @param masked whether transfer is limited to the masks of sources
 */
record TransferChoice(String settings, String codec, String codecDigest, boolean masked)
    implements Serializable {

  /** Checks a choice. */
  static TransferChoice of(Config job, String codec, boolean masked, Configuration configuration) {
    String digest =
        StyleWeights.read(WeightFiles.local(codec, configuration).orElseThrow())
            .requireDecoder()
            .digest();
    return new TransferChoice(Presets.canonical(job), codec, digest, masked);
  }

  /** The job's settings. */
  TransferParameters parameters() {
    return JobConfig.of(
            Presets.parseCanonical(settings, "the job's configuration"), TransferParameters.class)
        .job();
  }
}

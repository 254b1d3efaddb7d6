package org.denseflow.jobs.transfer;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.style.StyleWeights;

/**
 * A run's choices for the transfer besides its matcher, small enough to be sent with a task.
 *
 * @param settings the job's configuration, canonical JSON
 * @param codec URI of the codec's weights
 * @param codecDigest what they must be
 * @param masksOrNull a mask's URI by its source's; null where transfer is not limited
 */
record TransferChoice(
    String settings, String codec, String codecDigest, Map<String, String> masksOrNull)
    implements Serializable {

  /** Checks a choice. */
  static TransferChoice of(
      Config job, String codec, Optional<Map<String, String>> masks, Configuration configuration) {
    String digest =
        StyleWeights.read(WeightFiles.local(codec, configuration).orElseThrow())
            .requireDecoder()
            .digest();
    return new TransferChoice(Presets.canonical(job), codec, digest, masks.orElse(null));
  }

  /** The job's settings. */
  TransferParameters parameters() {
    return JobConfig.of(
            Presets.parseCanonical(settings, "the job's configuration"), TransferParameters.class)
        .job();
  }

  /** The masks, where transfer is limited to them. */
  Optional<Map<String, String>> masks() {
    return Optional.ofNullable(masksOrNull);
  }

  /** With the masks of these tiles' sources only. */
  TransferChoice of(List<Tile> tiles) {
    if (masksOrNull == null) {
      return this;
    }

    Map<String, String> some = new HashMap<>();

    for (Tile tile : tiles) {
      for (PlannedPair pair : tile.pairs()) {
        if (masksOrNull.containsKey(pair.source())) {
          some.put(pair.source(), masksOrNull.get(pair.source()));
        }
      }
    }

    return new TransferChoice(settings, codec, codecDigest, some);
  }
}

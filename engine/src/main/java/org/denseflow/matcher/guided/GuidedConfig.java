package org.denseflow.matcher.guided;

import java.util.Optional;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.Mirror;
import org.denseflow.matcher.ReadOutParameters;
import org.denseflow.matcher.VolumeParameters;

/** Parameters of {@code guided} and {@code gsf}. */
public record GuidedConfig(
    VolumeParameters correlation, Optional<Decoding> decoding, GuidedParameters guided)
    implements ReadOutParameters {

  @Override
  public Mirror mirror() {
    return guided.mirror().orElse(Mirror.NEVER);
  }
}

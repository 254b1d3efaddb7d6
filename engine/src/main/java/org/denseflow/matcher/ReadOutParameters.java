package org.denseflow.matcher;

import java.util.Optional;

/** Parameters of methods that read one correlation volume of all pairs of cells. */
public interface ReadOutParameters {

  /** How levels become one volume. */
  VolumeParameters correlation();

  /** What the flow's grid is; {@link Decoding#CELLS} if absent. */
  Optional<Decoding> decoding();

  /** Whether targets are mirrored. */
  default Mirror mirror() {
    return Mirror.NEVER;
  }
}

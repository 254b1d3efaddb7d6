package org.denseflow.matcher;

import java.util.Map;
import java.util.Optional;
import org.denseflow.graph.Upsampling.Corners;

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

  /** What an image's features depend on of these, by name. */
  default Map<String, String> describing() {
    return Map.of(
        "upsampling", correlation().upsampling().orElse(Corners.EDGES).toString(),
        "mirrored", String.valueOf(mirror() != Mirror.NEVER));
  }
}

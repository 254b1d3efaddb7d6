package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A backbone by name and its taps, as presets give them; no taps means the backbone's default. */
public record BackboneChoice(String name, List<String> taps) {

  /** The same with its weight file, where it needs one. */
  public BackboneSpec spec(Optional<Path> weights) {
    return new BackboneSpec(name, taps, weights);
  }
}

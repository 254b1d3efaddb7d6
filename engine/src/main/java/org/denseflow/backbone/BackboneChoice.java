package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A backbone by name and its taps, as presets give them.
 *
 * @param taps none for the backbone's default
 * @param input what a network from a file expects of pixels, where the file does not say it
 */
public record BackboneChoice(String name, List<String> taps, Optional<InputOptions> input) {

  /** The same with its weight file, where it needs one. */
  public BackboneSpec spec(Optional<Path> weights) {
    return new BackboneSpec(name, taps, weights, input);
  }
}

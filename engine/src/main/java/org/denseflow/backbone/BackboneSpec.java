package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The specification of a backbone: its name, its taps and its weight file.
 *
 * @param name such as {@code resnet50_v2}, or the name of the file that {@code weights} is
 * @param taps taps to return, in this order; empty for the backbone's default
 * @param weights the weight file, where {@link BackboneInfo#weights} asks for one
 * @param input the scale and order of pixels that the network expects, where the file does not
 *     state them
 */
public record BackboneSpec(
    String name, List<String> taps, Optional<Path> weights, Optional<InputOptions> input) {

  /** Makes a specification that leaves pixels to the backbone. */
  public BackboneSpec(String name, List<String> taps, Optional<Path> weights) {
    this(name, taps, weights, Optional.empty());
  }

  /** A backbone that is a file, under the file's name. */
  public static BackboneSpec ofFile(Path file, List<String> taps) {
    return new BackboneSpec(file.getFileName().toString(), taps, Optional.of(file));
  }

  /**
   * Checks that no scale or order of pixels is given.
   *
   * @throws IllegalArgumentException if something is
   */
  public void requireNoInput() {
    if (input.isPresent()) {
      throw new IllegalArgumentException(
          "Invalid backbone.input: %s knows what it expects of pixels; leave it out"
              .formatted(name));
    }
  }

  /**
   * The weight file.
   *
   * @throws IllegalArgumentException if none is given
   */
  public Path requireWeights() {
    return weights.orElseThrow(
        () ->
            new IllegalArgumentException(
                "Cannot make backbone %s: it needs a weight file; pass --weights, or use %s"
                    .formatted(name, Backbones.withoutWeights())));
  }
}

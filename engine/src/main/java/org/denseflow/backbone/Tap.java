package org.denseflow.backbone;

import java.util.Optional;

/**
 * A place in a backbone that feature maps are taken from.
 *
 * @param stride pixels from one cell to the next; absent where one cell is the whole image
 */
public record Tap(String name, Optional<Integer> stride) {

  /** Makes a tap with a stride. */
  public Tap(String name, int stride) {
    this(name, Optional.of(stride));
  }

  @Override
  public String toString() {
    return stride.map(pixels -> "%s (stride %d)".formatted(name, pixels)).orElse(name);
  }
}

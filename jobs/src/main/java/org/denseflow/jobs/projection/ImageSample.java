package org.denseflow.jobs.projection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Draws a sample of images. */
final class ImageSample {

  private ImageSample() {}

  /** Draws distinct images by the seed alone, whatever the order they are listed in. */
  static List<String> of(List<String> uris, int size, long seed) {
    List<String> all = new ArrayList<>(uris.stream().distinct().sorted().toList());
    Collections.shuffle(all, new Random(seed));
    return List.copyOf(all.subList(0, Math.min(size, all.size())));
  }
}

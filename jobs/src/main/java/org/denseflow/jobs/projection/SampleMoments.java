package org.denseflow.jobs.projection;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.matcher.projection.Moments;

/**
 * The moments of the cells of some images, tap by tap.
 *
 * @param taps moments of each tap's cells
 * @param failures of images that could not be described
 */
record SampleMoments(Map<String, Moments> taps, List<ImageFailure> failures)
    implements Serializable {

  /** Of no image yet. */
  SampleMoments() {
    this(new TreeMap<>(), new ArrayList<>());
  }

  /** Adds an image's cells, and frees them. */
  void add(List<FeatureMap> maps) {
    try {
      maps.forEach(map -> of(map.tap(), map.channels()).add(map.values()));
    } finally {
      maps.forEach(FeatureMap::close);
    }
  }

  /** Adds the cells of other images. */
  void add(SampleMoments other) {
    other.taps.forEach((tap, moments) -> of(tap, moments.channels()).add(moments));
    failures.addAll(other.failures);
  }

  private Moments of(String tap, int channels) {
    return taps.computeIfAbsent(tap, name -> new Moments(channels));
  }
}

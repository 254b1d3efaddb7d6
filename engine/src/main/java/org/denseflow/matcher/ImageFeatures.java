package org.denseflow.matcher;

import java.util.List;
import org.denseflow.backbone.FeatureMap;

/**
 * Everything a method computed from one image alone, ready to be matched against many others.
 *
 * @param width the image's width in pixels
 * @param height the image's height in pixels
 * @param maps the feature maps the method matches, as it wants them (L2-normalised, merged, ...)
 */
public record ImageFeatures(int width, int height, List<FeatureMap> maps) implements AutoCloseable {

  /** Frees the native memory of all maps. */
  @Override
  public void close() {
    maps.forEach(FeatureMap::close);
  }
}

package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.proposals.RegionBox;

/**
 * Everything a method computed from one image alone, ready to be matched against many others.
 *
 * @param width the image's width in pixels
 * @param height the image's height in pixels
 * @param maps the feature maps the method matches, as it wants them (L2-normalised, merged, ...)
 * @param regions what a method that matches regions needs besides
 */
public record ImageFeatures(int width, int height, List<FeatureMap> maps, Optional<Regions> regions)
    implements AutoCloseable {

  /** Without regions. */
  public ImageFeatures(int width, int height, List<FeatureMap> maps) {
    this(width, height, maps, Optional.empty());
  }

  /**
   * The regions of an image; their features are the rows of its only map.
   *
   * @param boxes in fractions of the image's sides
   * @param guide the image on the flow's grid, in CIE L*a*b*, each channel 0..255
   */
  public record Regions(List<RegionBox> boxes, FloatImage guide) {}

  /** The same with maps in half precision, to be kept; frees these, also when this fails. */
  public ImageFeatures narrowed() {
    try {
      return new ImageFeatures(width, height, AllOrNone.of(maps, FeatureMap::narrowed), regions);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Frees the native memory of all maps. */
  @Override
  public void close() {
    maps.forEach(FeatureMap::close);
  }
}

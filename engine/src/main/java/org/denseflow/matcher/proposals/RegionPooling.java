package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.proposals.RegionBox;

/** A way to bring what a feature map has inside a region to one size. */
interface RegionPooling {

  /**
   * Pools every region.
   *
   * @param regions in fractions of the image's sides
   * @return {@code [regions, side · side · channels]}, an array of its own
   */
  float[] pool(FeatureMap map, List<RegionBox> regions);
}

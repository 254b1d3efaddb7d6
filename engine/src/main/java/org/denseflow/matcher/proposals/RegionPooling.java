package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.proposals.RegionBox;

/** Pools the cells of a feature map inside a region to a fixed size. */
interface RegionPooling {

  /**
   * Pools every region.
   *
   * @param regions in fractions of the image's sides
   * @return {@code [regions, side · side · channels]}, an array of its own
   */
  float[] pool(FeatureMap map, List<RegionBox> regions);
}

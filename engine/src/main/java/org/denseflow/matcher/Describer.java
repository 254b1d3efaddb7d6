package org.denseflow.matcher;

import java.util.List;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;

/** Brings images to the working size and describes them by a backbone. */
public final class Describer implements AutoCloseable {
  private final WorkingSize size;
  private final Corners upsampling;
  private final Backbone backbone;

  /** Makes a describer; the backbone belongs to it. */
  public Describer(WorkingSize size, Backbone backbone) {
    this(size, Corners.EDGES, backbone);
  }

  /**
   * Makes a describer; the backbone belongs to it.
   *
   * @param upsampling of coarser taps to the finest
   */
  public Describer(WorkingSize size, Corners upsampling, Backbone backbone) {
    this.size = size;
    this.upsampling = upsampling;
    this.backbone = backbone;
  }

  /** One image at a time through the backbone: features do not depend on the batch they came in. */
  public List<ImageFeatures> describe(List<RgbImage> images) {
    return AllOrNone.of(images, this::describe);
  }

  private ImageFeatures describe(RgbImage image) {
    List<FeatureMap> maps = backbone.extract(List.of(size.of(image))).get(0);

    try {
      return new ImageFeatures(
          image.width(), image.height(), FeatureMaps.ofOneGrid(maps, size, upsampling));
    } finally {
      maps.forEach(FeatureMap::close);
    }
  }

  @Override
  public void close() {
    backbone.close();
  }
}

package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.RgbColor;
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

  /** Images that are best described at a time. */
  public int batchSize() {
    return backbone.info().batchSize();
  }

  /** In batches of {@link #batchSize}; features do not depend on the batch they came in. */
  public List<CellFeatures> describe(List<RgbImage> images) {
    List<CellFeatures> described = new ArrayList<>(images.size());

    try {
      for (int from = 0; from < images.size(); from += batchSize()) {
        described.addAll(batch(images.subList(from, Math.min(images.size(), from + batchSize()))));
      }

      return described;
    } catch (RuntimeException | Error e) {
      described.forEach(CellFeatures::close);
      throw e;
    }
  }

  private List<CellFeatures> batch(List<RgbImage> images) {
    RgbColor mean = backbone.info().paddingColor();
    List<List<FeatureMap>> maps =
        backbone.extract(images.stream().map(image -> size.of(image, mean)).toList());
    Iterator<List<FeatureMap>> next = maps.iterator();

    try {
      return CloseableLists.of(
          images,
          image ->
              new CellFeatures(image.size(), FeatureMaps.ofOneGrid(next.next(), size, upsampling)));
    } finally {
      maps.forEach(own -> own.forEach(FeatureMap::close));
    }
  }

  @Override
  public void close() {
    backbone.close();
  }
}

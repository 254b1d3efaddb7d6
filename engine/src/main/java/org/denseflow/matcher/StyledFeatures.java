package org.denseflow.matcher;

import java.util.List;
import java.util.stream.Stream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cells of an image and what it looks like, as SAM-Net matches and stylises.
 *
 * @param size of the image in pixels
 * @param reduced the backbone's features with fewer channels
 * @param code the features that a style network decodes, on a grid of its own
 * @param links the style network's features of the levels above that its decoder is linked to; none
 *     where nothing is stylised
 */
public record StyledFeatures(Size size, FeatureMap reduced, FeatureMap code, List<FeatureMap> links)
    implements ImageFeatures {

  /** Copies the list. */
  public StyledFeatures {
    links = List.copyOf(links);
  }

  private List<FeatureMap> maps() {
    return Stream.concat(Stream.of(reduced, code), links.stream()).toList();
  }

  @Override
  public List<INDArray> vectors() {
    return maps().stream().map(FeatureMap::values).toList();
  }

  @Override
  public StyledFeatures with(List<INDArray> vectors) {
    return of(size, CellFeatures.with(maps(), vectors));
  }

  /**
   * Takes an image's maps.
   *
   * @param maps reduced, code, and the links from the finest
   */
  public static StyledFeatures of(Size size, List<FeatureMap> maps) {
    return new StyledFeatures(size, maps.get(0), maps.get(1), maps.subList(2, maps.size()));
  }
}

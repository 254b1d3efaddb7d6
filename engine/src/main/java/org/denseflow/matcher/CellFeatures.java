package org.denseflow.matcher;

import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cells of an image's grid, as a backbone describes them.
 *
 * @param size of the image in pixels
 * @param maps one for each tap, all of one grid, each cell L2-normalised
 */
public record CellFeatures(Size size, List<FeatureMap> maps) implements ImageFeatures {

  /** Copies the list. */
  public CellFeatures {
    maps = List.copyOf(maps);
  }

  @Override
  public List<INDArray> vectors() {
    return maps.stream().map(FeatureMap::values).toList();
  }

  @Override
  public CellFeatures with(List<INDArray> vectors) {
    return new CellFeatures(size, with(maps, vectors));
  }

  /** Maps of the same grids with other values. */
  static List<FeatureMap> with(List<FeatureMap> maps, List<INDArray> vectors) {
    return IntStream.range(0, maps.size()).mapToObj(i -> maps.get(i).with(vectors.get(i))).toList();
  }
}

package org.denseflow.matcher;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cells of an image's grid, as a backbone describes them.
 *
 * @param size of the image in pixels
 * @param maps one for each tap, all of one grid, each cell L2-normalised
 * @param mirrored the same of the mirrored image; none where targets are not mirrored
 */
public record CellFeatures(Size size, List<FeatureMap> maps, List<FeatureMap> mirrored)
    implements ImageFeatures {

  /** Copies the lists. */
  public CellFeatures {
    maps = List.copyOf(maps);
    mirrored = List.copyOf(mirrored);
  }

  /** Of the image as it is alone. */
  public CellFeatures(Size size, List<FeatureMap> maps) {
    this(size, maps, List.of());
  }

  @Override
  public List<INDArray> vectors() {
    return Stream.concat(maps.stream(), mirrored.stream()).map(FeatureMap::values).toList();
  }

  @Override
  public CellFeatures with(List<INDArray> vectors) {
    int taps = maps.size();
    return new CellFeatures(
        size,
        with(maps, vectors.subList(0, taps)),
        with(mirrored, vectors.subList(taps, vectors.size())));
  }

  /** Maps of the same grids with other values. */
  static List<FeatureMap> with(List<FeatureMap> maps, List<INDArray> vectors) {
    return IntStream.range(0, maps.size()).mapToObj(i -> maps.get(i).with(vectors.get(i))).toList();
  }
}

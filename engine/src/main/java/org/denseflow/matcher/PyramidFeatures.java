package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The cells of an image on grids from fine to coarse, as recurrent transformer networks match them.
 *
 * @param size of the image in pixels
 * @param levels the finest first
 */
public record PyramidFeatures(Size size, List<Level> levels) implements ImageFeatures {

  /** Copies the list. */
  public PyramidFeatures {
    levels = List.copyOf(levels);
  }

  /**
   * One grid.
   *
   * @param reduced the backbone's features with fewer channels, which a field's receptive fields
   *     read
   * @param described what upright receptive fields make of them
   */
  public record Level(FeatureMap reduced, FeatureMap described) {}

  private List<FeatureMap> maps() {
    return levels.stream().flatMap(level -> Stream.of(level.reduced(), level.described())).toList();
  }

  @Override
  public List<INDArray> vectors() {
    return maps().stream().map(FeatureMap::values).toList();
  }

  @Override
  public PyramidFeatures with(List<INDArray> vectors) {
    return of(size, CellFeatures.with(maps(), vectors));
  }

  /**
   * Makes levels.
   *
   * @param maps reduced and described in turn, the finest level first
   */
  public static PyramidFeatures of(Size size, List<FeatureMap> maps) {
    List<Level> levels = new ArrayList<>();

    for (int i = 0; i < maps.size(); i += 2) {
      levels.add(new Level(maps.get(i), maps.get(i + 1)));
    }

    return new PyramidFeatures(size, levels);
  }
}

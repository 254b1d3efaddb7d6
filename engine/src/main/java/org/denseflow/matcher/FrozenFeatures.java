package org.denseflow.matcher;

import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The features that a frozen backbone computes of a learner's views, all taps on one grid. */
public final class FrozenFeatures implements AutoCloseable {
  private final String kind;
  private final Describer describer;
  private final List<String> taps;
  private final Size grid;
  private final int channels;

  /**
   * Makes an extractor; the backbone belongs to it.
   *
   * @param size every view is resized to it
   */
  public FrozenFeatures(Backbone backbone, WorkingSize size) {
    this.kind = backbone.name() + " " + size.kind();
    this.describer = new Describer(size, backbone);
    this.taps = List.copyOf(backbone.taps());
    byte[] blank = new byte[3 * size.width() * size.height()];
    List<FeatureMap> maps = maps(new RgbImage(size.width(), size.height(), blank));
    this.grid = maps.get(0).grid();
    this.channels = maps.stream().mapToInt(FeatureMap::channels).sum();
    maps.forEach(FeatureMap::close);
  }

  /** The L2-normalised features of a view, tap by tap. */
  public List<FeatureMap> maps(RgbImage view) {
    return maps(List.of(view)).get(0);
  }

  /** The same of several views. */
  public List<List<FeatureMap>> maps(List<RgbImage> views) {
    return describer.describe(views).stream().map(CellFeatures::maps).toList();
  }

  /** Views that are best described at a time. */
  public int batchSize() {
    return describer.batchSize();
  }

  /**
   * All taps side by side, L2-normalised together; frees the maps.
   *
   * @return {@code [1, h, w, channels]}, in half precision
   */
  public INDArray joined(List<FeatureMap> maps) {
    return joined(maps, grid);
  }

  /**
   * The same, resampled to a grid.
   *
   * @return {@code [1, h, w, channels]}, in half precision
   */
  public INDArray joined(List<FeatureMap> maps, Size wanted) {
    List<FeatureMap> own = List.of();

    try {
      own = CloseableLists.of(maps, map -> FeatureMaps.onGrid(map, wanted));

      try (INDArray joined = FeatureMaps.joined(own)) {
        return joined
            .reshape('c', 1, wanted.height(), wanted.width(), channels)
            .castTo(DataType.FLOAT16);
      }
    } finally {
      own.forEach(FeatureMap::close);
      maps.forEach(FeatureMap::close);
    }
  }

  /** Of all features. */
  public Size grid() {
    return grid;
  }

  /** Of all taps together. */
  public int channels() {
    return channels;
  }

  /** The backbone, its taps, the views' size and padding, for {@code exampleKind}. */
  public String kind() {
    return kind + " " + taps;
  }

  @Override
  public void close() {
    describer.close();
  }
}

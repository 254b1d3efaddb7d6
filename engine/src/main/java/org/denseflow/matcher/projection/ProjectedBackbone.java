package org.denseflow.matcher.projection;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** A backbone whose cells are projected to their principal components. */
public final class ProjectedBackbone implements Backbone {
  private final Backbone base;
  private final String digest;
  private final Map<String, CellProjection> projections = new LinkedHashMap<>();

  /**
   * Reads a projection; the backbone belongs to the result, also when this fails.
   *
   * @throws WeightException if it is of another backbone, or lacks tensors
   */
  public ProjectedBackbone(Backbone base, Path file) {
    this.base = base;

    try {
      WeightMap map = WeightFile.read(file);
      this.digest = Projection.digest(map, base.name(), base.taps(), base.weightDigest());
      Projection.of(map, base.taps())
          .taps()
          .forEach((tap, components) -> projections.put(tap, new CellProjection(components)));
    } catch (RuntimeException e) {
      base.close();
      throw e;
    }
  }

  /**
   * Checks that a projection was made for a backbone, without making it.
   *
   * @param weights digest of the backbone's weights, and of the model that adapts it
   * @return the digests of both
   * @throws WeightException that names what does not agree
   */
  public static String validate(Path file, String backbone, List<String> taps, String weights) {
    WeightMap map = WeightFile.read(file);
    String both = Projection.digest(map, backbone, taps, weights);
    Projection.of(map, taps);
    return both;
  }

  @Override
  public String name() {
    return base.name();
  }

  /** The digests of backbone and projection. */
  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<String> taps() {
    return base.taps();
  }

  @Override
  public List<List<FeatureMap>> extract(List<FloatImage> images) {
    List<List<FeatureMap>> result = new ArrayList<>();

    for (List<FeatureMap> maps : base.extract(images)) {
      result.add(maps.stream().map(map -> projections.get(map.tap()).apply(map)).toList());
    }

    return result;
  }

  @Override
  public void close() {
    projections.values().forEach(CellProjection::close);
    base.close();
  }
}

package org.denseflow.matcher.projection;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.ExtendedBackbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** A backbone whose cells are projected to their principal components. */
public final class ProjectedBackbone extends ExtendedBackbone {
  private final String digest;
  private final Map<String, CellProjection> projections = new LinkedHashMap<>();

  /**
   * Reads a projection; the backbone belongs to the result, also when this fails.
   *
   * @throws WeightException if it is of another backbone, or lacks tensors
   */
  public ProjectedBackbone(Backbone base, Path file) {
    super(base);

    try {
      WeightMap map = WeightFile.read(file);
      this.digest = TrainedModel.digest(map, Projection.SYSTEM, base.identity());
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
   * @return the digests of both
   * @throws WeightException that names what does not agree
   */
  public static String validate(Path file, BackboneIdentity features) {
    WeightMap map = WeightFile.read(file);
    String both = TrainedModel.digest(map, Projection.SYSTEM, features);
    Projection.of(map, features.taps());
    return both;
  }

  /** The digests of backbone and projection. */
  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  protected FeatureMap follow(FeatureMap map) {
    return projections.get(map.tap()).apply(map);
  }

  @Override
  public void close() {
    projections.values().forEach(CellProjection::close);
    super.close();
  }
}

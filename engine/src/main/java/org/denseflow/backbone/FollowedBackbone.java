package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.image.FloatImage;

/**
 * A backbone whose feature maps go through a further layer (adaptation, projection); it owns the
 * backbone.
 */
public abstract class FollowedBackbone implements Backbone {
  private final Backbone base;

  /** Takes a backbone. */
  protected FollowedBackbone(Backbone base) {
    this.base = base;
  }

  /** Makes a map of the backbone's, which it frees. */
  protected abstract FeatureMap follow(FeatureMap map);

  @Override
  public final String name() {
    return base.name();
  }

  @Override
  public final List<String> taps() {
    return base.taps();
  }

  @Override
  public final List<List<FeatureMap>> extract(List<FloatImage> images) {
    List<List<FeatureMap>> result = new ArrayList<>();

    for (List<FeatureMap> maps : base.extract(images)) {
      result.add(maps.stream().map(this::follow).toList());
    }

    return result;
  }

  @Override
  public void close() {
    base.close();
  }
}

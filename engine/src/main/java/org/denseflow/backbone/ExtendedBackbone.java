package org.denseflow.backbone;

import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.image.FloatImage;

/**
 * A backbone whose feature maps go through a further layer (adaptation, projection); it owns the
 * backbone.
 */
public abstract class ExtendedBackbone implements Backbone {
  private final Backbone base;

  /** Takes a backbone. */
  protected ExtendedBackbone(Backbone base) {
    this.base = base;
  }

  /** Makes a map of the backbone's, which it frees. */
  protected abstract FeatureMap follow(FeatureMap map);

  @Override
  public final BackboneInfo info() {
    return base.info();
  }

  @Override
  public final List<String> taps() {
    return base.taps();
  }

  @Override
  public final List<List<FeatureMap>> extract(List<FloatImage> images) {
    List<FeatureMap> maps = base.extract(images).stream().flatMap(List::stream).toList();

    try {
      List<FeatureMap> followed = CloseableLists.of(maps, this::follow);
      int taps = taps().size();
      return IntStream.range(0, images.size())
          .mapToObj(image -> followed.subList(taps * image, taps * (image + 1)))
          .toList();
    } finally {
      maps.forEach(FeatureMap::close);
    }
  }

  @Override
  public void close() {
    base.close();
  }
}

package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.MethodConfig.WorkingSize;

/** Brings images to the working size and describes them by a backbone. */
final class Describer implements AutoCloseable {
  /** The mean colour of ImageNet: zero after the backbones' normalisation. */
  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};

  private final WorkingSize size;
  private final Backbone backbone;

  /** Makes a describer; the backbone belongs to it. */
  Describer(WorkingSize size, Backbone backbone) {
    this.size = size;
    this.backbone = backbone;
  }

  /** One image at a time through the backbone: features do not depend on the batch they came in. */
  List<ImageFeatures> describe(List<RgbImage> images) {
    List<ImageFeatures> described = new ArrayList<>(images.size());

    for (RgbImage image : images) {
      int padding = size.padding().orElse(0);
      FloatImage resized = Resize.toFloat(image, size.width(), size.height());
      List<FeatureMap> maps = backbone.extract(List.of(resized.padded(padding, MEAN))).get(0);
      double share = (double) padding / (size.width() + 2 * padding);
      described.add(
          new ImageFeatures(image.width(), image.height(), FeatureMaps.ofOneGrid(maps, share)));
    }

    return described;
  }

  @Override
  public void close() {
    backbone.close();
  }
}

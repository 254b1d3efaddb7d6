package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;

/** Methods that are a backbone, the full correlation volume, and a read-out. */
final class CorrelationMatcher implements DenseMatcher {
  /** The mean colour of ImageNet: zero after the backbones' normalisation. */
  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};

  private final MethodConfig config;
  private final Backbone backbone;
  private final BlockCorrelation correlation;
  private final ReadOut readOut;
  private final String digest;

  /**
   * Makes a matcher; the backbone belongs to it.
   *
   * @param digest of all weights
   */
  CorrelationMatcher(MethodConfig config, Backbone backbone, ReadOut readOut, String digest) {
    this.config = config;
    this.backbone = backbone;
    this.correlation = new BlockCorrelation(config.correlation().merge());
    this.readOut = readOut;
    this.digest = digest;
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  /** One image at a time through the backbone: features do not depend on the batch they came in. */
  @Override
  public List<ImageFeatures> describe(List<RgbImage> images) {
    List<ImageFeatures> described = new ArrayList<>(images.size());

    for (RgbImage image : images) {
      int width = config.image().width();
      int padding = config.image().padding().orElse(0);
      FloatImage resized = Resize.toFloat(image, width, config.image().height());
      List<FeatureMap> maps = backbone.extract(List.of(resized.padded(padding, MEAN))).get(0);
      double share = (double) padding / (width + 2 * padding);
      described.add(
          new ImageFeatures(image.width(), image.height(), FeatureMaps.ofOneGrid(maps, share)));
    }

    return described;
  }

  @Override
  public List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.correlate(
        source.maps(),
        targets.stream().map(ImageFeatures::maps).toList(),
        volume -> matches.add(readOut.read(volume)));
    return matches;
  }

  @Override
  public void close() {
    correlation.close();
    backbone.close();
  }
}

package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.image.RgbImage;
import org.denseflow.training.Upsampling.Corners;

/** Methods that are a backbone, the full correlation volume, and a read-out. */
final class CorrelationMatcher implements DenseMatcher {
  private final Describer describer;
  private final BlockCorrelation correlation;
  private final ReadOut readOut;
  private final FlowDecoding decoding;
  private final String digest;

  /**
   * Makes a matcher; the backbone belongs to it.
   *
   * @param digest of all weights
   */
  CorrelationMatcher(MethodConfig config, Backbone backbone, ReadOut readOut, String digest) {
    MethodConfig.Correlation levels = config.correlation().orElseThrow();
    this.describer =
        new Describer(config.image(), levels.upsampling().orElse(Corners.EDGES), backbone);
    this.correlation = new BlockCorrelation(levels.merge());
    this.readOut = readOut;
    this.decoding =
        new FlowDecoding(config.image(), config.decoding().orElse(MethodConfig.Decoding.CELLS));
    this.digest = digest;
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<ImageFeatures> describe(List<RgbImage> images) {
    return describer.describe(images);
  }

  @Override
  public List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.correlate(
        source.maps(),
        targets.stream().map(ImageFeatures::maps).toList(),
        volume ->
            matches.add(
                decoding.decode(readOut.read(volume), source, targets.get(matches.size()))));
    return matches;
  }

  @Override
  public void close() {
    correlation.close();
    describer.close();
  }
}

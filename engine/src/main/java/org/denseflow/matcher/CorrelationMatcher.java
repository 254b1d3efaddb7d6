package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;

/** Methods that are a backbone, the full correlation volume, and a read-out. */
public final class CorrelationMatcher implements DenseMatcher {
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
  public CorrelationMatcher(
      WorkingSize size,
      VolumeParameters volume,
      Decoding decoding,
      Backbone backbone,
      ReadOut readOut,
      String digest) {
    this.describer = new Describer(size, volume.upsampling().orElse(Corners.EDGES), backbone);
    this.correlation = new BlockCorrelation(volume.merge());
    this.readOut = readOut;
    this.decoding = new FlowDecoding(size, decoding);
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

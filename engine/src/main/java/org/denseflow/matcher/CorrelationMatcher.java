package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;

/** A matcher made of a backbone, the full correlation volume, and a read-out. */
public final class CorrelationMatcher implements DenseMatcher<CellFeatures> {
  private final Describer describer;
  private final BlockCorrelation correlation;
  private final ReadOut readOut;
  private final FlowDecoding decoding;
  private final String digest;

  /**
   * Makes a matcher; the backbone and the read-out belong to it.
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
  public Class<CellFeatures> features() {
    return CellFeatures.class;
  }

  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public int batchSize() {
    return describer.batchSize();
  }

  @Override
  public List<CellFeatures> describe(List<RgbImage> images) {
    return describer.describe(images);
  }

  @Override
  public List<Match> match(CellFeatures source, List<CellFeatures> targets) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.correlate(
        source.maps(),
        targets.stream().map(CellFeatures::maps).toList(),
        volume ->
            matches.add(
                decoding.decode(readOut.read(volume), source, targets.get(matches.size()))));
    return matches;
  }

  @Override
  public void close() {
    readOut.close();
    correlation.close();
    describer.close();
  }
}

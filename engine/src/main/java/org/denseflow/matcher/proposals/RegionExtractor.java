package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.UnitRows;
import org.denseflow.backbone.hog.HogCells;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.RegionBox;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Extracts what an image has inside its regions, and c(r) without learning: an L2-normalised vector
 * per region (SCNet, Section 3.2). Where the parameters say so, the mean over the image's regions
 * is subtracted from each channel first, so that what an image has everywhere counts for nothing
 * (our choice).
 */
public final class RegionExtractor {
  private final RegionPooling pooling;
  private final PoolingParameters.Mean mean;

  /** Makes an extractor. */
  public RegionExtractor(PoolingParameters parameters) {
    this.mean = parameters.mean();
    this.pooling =
        switch (parameters.kind()) {
          case MAX -> new RoiPooling(parameters.side());
          case ALIGN -> new RoiAlign(parameters.side());
        };
  }

  /**
   * Whitened histograms of oriented gradients.
   *
   * @param regions in pixels
   * @return {@code [regions, channels]}
   */
  public INDArray ofGradients(RgbImage image, List<RegionBox> regions) {
    float[] values = RegionHog.of(image, regions);
    center(values, HogCells.CHANNELS);
    HogWhitening.apply(values);
    return rows(values, regions.size());
  }

  /**
   * Pooled features of a backbone.
   *
   * @param maps of one grid
   * @param regions in fractions of the image's sides
   * @return {@code [regions, side² · channels]}
   */
  public INDArray ofMaps(List<FeatureMap> maps, List<RegionBox> regions) {
    return rows(pooled(maps, regions), regions.size());
  }

  /**
   * The same before normalisation.
   *
   * @return {@code [regions, side² · channels]}
   */
  float[] pooled(List<FeatureMap> maps, List<RegionBox> regions) {
    FeatureMap first = maps.get(0);

    try (INDArray joined = FeatureMaps.joined(maps)) {
      int channels = (int) joined.size(1);
      float[] values =
          pooling.pool(new FeatureMap(first.tap(), first.grid(), channels, joined), regions);

      if (mean == PoolingParameters.Mean.SUBTRACTED) {
        center(values, channels);
      }

      return values;
    }
  }

  /** Subtracts each channel's mean over all regions and their parts. */
  private static void center(float[] values, int channels) {
    double[] mean = new double[channels];
    double parts = (double) values.length / channels;

    for (int i = 0; i < values.length; i++) {
      mean[i % channels] += values[i] / parts;
    }

    for (int i = 0; i < values.length; i++) {
      values[i] -= (float) mean[i % channels];
    }
  }

  private static INDArray rows(float[] values, int regions) {
    int length = values.length / regions;
    UnitRows.normalise(values, regions, length, FeatureMaps.EPSILON);
    return Nd4j.create(values, new long[] {regions, length}, 'c');
  }
}

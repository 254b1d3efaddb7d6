package org.denseflow.matcher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;

/** A matcher made of a backbone, the full correlation volume, and a read-out. */
public final class CorrelationMatcher implements DenseMatcher<CellFeatures> {
  /**
   * How much better a mirror image must agree to be taken; our choice, since what is symmetrical
   * agrees with its mirror image as well. Of 450 pairs of PF-WILLOW 14 are mirrored with it and 86
   * with 1.
   */
  private static final double MIRRORED_AGREES = 1.25;

  private final Describer describer;
  private final BlockCorrelation correlation;
  private final ReadOut readOut;
  private final FlowDecoding decoding;
  private final Mirror mirror;
  private final String digest;

  /** Makes a matcher that mirrors no targets; the backbone and the read-out belong to it. */
  public CorrelationMatcher(
      WorkingSize size,
      VolumeParameters volume,
      Decoding decoding,
      Backbone backbone,
      ReadOut readOut,
      String digest) {
    this(size, volume, decoding, Mirror.NEVER, backbone, readOut, digest);
  }

  /**
   * Makes a matcher; the backbone and the read-out belong to it.
   *
   * @param mirror whether targets are mirrored; {@link Mirror#AUTO} needs a read-out that measures
   *     {@link Match#agreement}
   * @param digest of all weights
   */
  public CorrelationMatcher(
      WorkingSize size,
      VolumeParameters volume,
      Decoding decoding,
      Mirror mirror,
      Backbone backbone,
      ReadOut readOut,
      String digest) {
    this.describer = new Describer(size, volume.upsampling().orElse(Corners.EDGES), backbone);
    this.correlation = new BlockCorrelation(volume.merge());
    this.readOut = readOut;
    this.decoding = new FlowDecoding(size, decoding);
    this.mirror = mirror;
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
    List<CellFeatures> described = describer.describe(images);

    if (mirror == Mirror.NEVER) {
      return described;
    }

    try {
      Iterator<CellFeatures> mirrored =
          describer.describe(images.stream().map(RgbImage::mirrored).toList()).iterator();
      return described.stream()
          .map(own -> new CellFeatures(own.size(), own.maps(), mirrored.next().maps()))
          .toList();
    } catch (RuntimeException | Error e) {
      described.forEach(CellFeatures::close);
      throw e;
    }
  }

  @Override
  public List<Match> match(CellFeatures source, List<CellFeatures> targets) {
    return switch (mirror) {
      case NEVER -> match(source, targets, CellFeatures::maps);
      case ALWAYS -> mirrored(source, targets);
      case AUTO -> {
        Iterator<Match> mirrored = mirrored(source, targets).iterator();
        yield match(source, targets, CellFeatures::maps).stream()
            .map(match -> better(match, mirrored.next()))
            .toList();
      }
    };
  }

  private List<Match> mirrored(CellFeatures source, List<CellFeatures> targets) {
    return match(source, targets, CellFeatures::mirrored).stream().map(Match::turnedBack).toList();
  }

  private static Match better(Match match, Match mirrored) {
    double least = MIRRORED_AGREES * match.agreement().orElseThrow();
    return mirrored.agreement().orElseThrow() > least ? mirrored : match;
  }

  private List<Match> match(
      CellFeatures source,
      List<CellFeatures> targets,
      Function<CellFeatures, List<FeatureMap>> maps) {
    List<Match> matches = new ArrayList<>(targets.size());
    correlation.correlate(
        source.maps(),
        targets.stream().map(maps).toList(),
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

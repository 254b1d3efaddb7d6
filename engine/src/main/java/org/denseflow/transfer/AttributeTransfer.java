package org.denseflow.transfer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Warp;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;
import org.denseflow.style.FeatureInversion;
import org.denseflow.style.FeatureStatistics;
import org.denseflow.style.LocalStatistics;
import org.denseflow.style.StyleCodec;
import org.denseflow.style.StyleFeatures;

/**
 * Gives a source image the attributes (colours, texture) of a target image where the two match, by
 * matching and transferring in turn (SAM-Net, Section 4.1, without its trained networks): any
 * matcher for Eq. 6-7 and a given encoder and decoder of relu3_1. Iteration l = 1..L
 *
 * <ol>
 *   <li>matches (1 − lambda_l)·F^s + lambda_l·F^{s←t,l−1} against the target (Eq. 5; F^{s←t,l−1}
 *       are the matcher's features of the image that the iteration before has made, F^{s←t,0} =
 *       F^s);
 *   <li>blends both images' relu3_1 along the flow (Eq. 8), and with a share of the source's again
 *       (the skip connection of Eq. 10 with the droplink's expectation);
 *   <li>gives the blend the target's statistics, around each cell ({@link LocalStatistics}) and
 *       over the matched region ({@link FeatureStatistics#transport}), and decodes it.
 * </ol>
 *
 * <p>The third step is our choice: a decoder that was not trained for it makes little of blended
 * features, whose deviations cancel out. As decoding loses some of the statistics again, the image
 * is encoded and the step repeated, and the last iteration's image is moved to the wanted features
 * by gradient descent ({@link FeatureInversion}). With a mask the result is the source outside of
 * it.
 *
 * <p>Where the matcher is SAM-Net's trained network, its passes make the images, and nothing of
 * this is done. Used by one thread at a time; matcher and codec belong to it.
 */
public final class AttributeTransfer implements AutoCloseable {
  private final DenseMatcher<ImageFeatures> matcher;
  private final StyleCodec codec;
  private final AttributeParameters parameters;
  private final FeatureInversion inversion;

  /** Makes a transfer; matcher and codec belong to it. */
  public AttributeTransfer(
      DenseMatcher<ImageFeatures> matcher, StyleCodec codec, AttributeParameters parameters) {
    this.matcher = matcher;
    this.codec = codec;
    this.parameters = parameters;
    this.inversion = new FeatureInversion(codec, parameters.inversionSteps());
  }

  /**
   * All that depends on one image only.
   *
   * @param image at the working size
   * @param style its relu3_1
   * @param features for the matcher
   */
  public record Subject(RgbImage image, StyleFeatures style, ImageFeatures features)
      implements AutoCloseable {

    /** Bytes of memory that it takes. */
    public long bytes() {
      long pixels = 3L * image.width() * image.height();
      return pixels + Float.BYTES * (long) style.values().length + features.bytes();
    }

    @Override
    public void close() {
      features.close();
    }
  }

  /**
   * The result of an iteration.
   *
   * @param stylised the source with the target's attributes
   * @param flow from source to target
   */
  public record Iteration(RgbImage stylised, FlowField flow) {}

  /**
   * The result for a pair.
   *
   * @param iterations at least one
   * @param scores of the last iteration's image
   */
  public record Result(List<Iteration> iterations, TransferScores scores) {

    /** Copies the list. */
    public Result {
      iterations = List.copyOf(iterations);
    }

    /** The last iteration's image. */
    public RgbImage stylised() {
      return iterations.get(iterations.size() - 1).stylised();
    }
  }

  /** Images that are best described at a time. */
  public int batchSize() {
    return matcher.batchSize();
  }

  /** Computes what depends on one image only. */
  public Subject describe(RgbImage image) {
    return describe(List.of(image)).get(0);
  }

  /** The same of several images, each as if it were alone. */
  public List<Subject> describe(List<RgbImage> images) {
    Iterator<ImageFeatures> features = matcher.describe(images).iterator();
    return CloseableLists.of(images, image -> subject(image, features.next()));
  }

  /** The same of an image whose features are known; they belong to the result. */
  public Subject subject(RgbImage image, ImageFeatures features) {
    Size size = codec.workingSize(image, parameters.size());
    return new Subject(
        Resize.toRgb(image, size.width(), size.height()), codec.encode(image, size), features);
  }

  /**
   * Transfers the target's attributes to the source.
   *
   * @param mask of the source's object, of any size: nothing changes outside
   * @return empty where no match is confident
   */
  public Optional<Result> transfer(Subject source, Subject target, Optional<Mask> mask) {
    Match plain = matcher.match(source.features(), target.features());
    MatchedRegion region = region(plain.flow(), source, target, mask);

    if (region.isEmpty()) {
      return Optional.empty();
    }

    List<Iteration> iterations =
        stylises(plain)
            ? network(plain, source, mask)
            : iterations(plain.flow(), source, target, mask);
    RgbImage last = iterations.get(iterations.size() - 1).stylised();
    RgbImage warped = Warp.backward(target.image(), plain.flow(), source.image().size());
    TransferScores scores = TransferScores.of(codec, source, target, region, last, warped);
    return Optional.of(new Result(iterations, scores));
  }

  /** Whether the matcher is a network that makes the images itself. */
  private static boolean stylises(Match match) {
    return match.steps().stream().anyMatch(step -> step.stylised().isPresent());
  }

  /** The images of a trained network's passes, at the source's working size. */
  private List<Iteration> network(Match match, Subject source, Optional<Mask> mask) {
    List<Iteration> iterations = new ArrayList<>();

    for (Match.Step step : match.steps()) {
      RgbImage image =
          Resize.toRgb(
              step.stylised().orElseThrow(), source.image().width(), source.image().height());
      iterations.add(new Iteration(composed(source, image, mask), step.field()));
    }

    return iterations;
  }

  private List<Iteration> iterations(
      FlowField first, Subject source, Subject target, Optional<Mask> mask) {
    List<Iteration> iterations = new ArrayList<>();
    FlowField flow = first;

    for (int l = 1; l <= parameters.iterations(); l++) {
      double lambda = parameters.lambda(l);
      flow = l == 1 ? flow : rematched(source, iterations.get(l - 2).stylised(), target, lambda);
      MatchedRegion matched = region(flow, source, target, mask);
      RgbImage image =
          matched.isEmpty() ? source.image() : stylise(source, target, flow, matched, l);
      iterations.add(new Iteration(composed(source, image, mask), flow));
    }

    return iterations;
  }

  /** The source outside of the mask. */
  private RgbImage composed(Subject source, RgbImage image, Optional<Mask> mask) {
    return mask.map(one -> SoftMask.of(one, source.image().size(), parameters.border()))
        .map(soft -> soft.compose(source.image(), image))
        .orElse(image);
  }

  private MatchedRegion region(
      FlowField flow, Subject source, Subject target, Optional<Mask> mask) {
    return MatchedRegion.of(
        flow, source.style(), target.style(), mask.orElse(null), parameters.confidence());
  }

  /**
   * The flow of the mixed features: their products with a target's normalised features are the
   * mixed cosines of Eq. 5.
   */
  private FlowField rematched(Subject source, RgbImage stylised, Subject target, double lambda) {
    try (ImageFeatures described = matcher.describe(stylised);
        ImageFeatures mixed = source.features().mixed(described, lambda)) {
      return matcher.match(mixed, target.features()).flow();
    }
  }

  private RgbImage stylise(
      Subject source, Subject target, FlowField flow, MatchedRegion region, int iteration) {
    StyleFeatures own = source.style();
    StyleFeatures wanted = styled(source, target, flow, region, parameters.lambda(iteration));
    RgbImage image = codec.decode(wanted);

    if (iteration < parameters.iterations()) {
      return image;
    }

    double[][] gram = statistics(own, region.source()).gram();
    double[][] targetGram = statistics(target.style(), region.target()).gram();

    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        gram[i][j] += parameters.strength() * (targetGram[i][j] - gram[i][j]);
      }
    }

    return inversion.invert(image, wanted, gram, region.source());
  }

  private static FeatureStatistics statistics(StyleFeatures features, boolean[] region) {
    return FeatureStatistics.of(features.values(), features.channels(), region);
  }

  /** The features to decode: blended and with the target's statistics, by the strength. */
  private StyleFeatures styled(
      Subject source, Subject target, FlowField flow, MatchedRegion region, double lambda) {
    StyleFeatures own = source.style();
    StyleFeatures pointed = region.gathered(target.style(), own.grid());
    FeatureStatistics wanted = statistics(target.style(), region.target());
    LocalStatistics local = new LocalStatistics(own.grid(), region.source(), parameters.window());
    PatchBlending blending = new PatchBlending(flow);
    StyleFeatures styled =
        blending.blend(own, target.style(), lambda).mixed(own, parameters.link());

    for (int round = 1; round <= parameters.rounds(); round++) {
      StyleFeatures from =
          round == 1 ? styled : codec.encode(codec.decode(styled), source.image().size());
      styled = wanted.imposedOn(local.impose(from, pointed), region.source());
    }

    return own.mixed(styled, parameters.strength());
  }

  @Override
  public void close() {
    inversion.close();
    codec.close();
    matcher.close();
  }
}

package org.denseflow.matcher;

import java.util.List;
import org.denseflow.image.RgbImage;

/**
 * A matcher for callers that keep features without knowing which kind of method they are for: it
 * checks that it gets those of its own kind.
 */
public final class AnyMatcher implements DenseMatcher<ImageFeatures> {
  private final Typed<?> own;

  /** Takes a matcher, which belongs to it. */
  public AnyMatcher(DenseMatcher<?> matcher) {
    this.own = new Typed<>(matcher);
  }

  private record Typed<F extends ImageFeatures>(DenseMatcher<F> matcher) {

    List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
      Class<F> type = matcher.features();
      return matcher.match(type.cast(source), targets.stream().map(type::cast).toList());
    }
  }

  @Override
  public Class<ImageFeatures> features() {
    return ImageFeatures.class;
  }

  @Override
  public String weightDigest() {
    return own.matcher().weightDigest();
  }

  @Override
  public int batchSize() {
    return own.matcher().batchSize();
  }

  @Override
  public List<ImageFeatures> describe(List<RgbImage> images) {
    return List.copyOf(own.matcher().describe(images));
  }

  @Override
  public List<Match> match(ImageFeatures source, List<ImageFeatures> targets) {
    return own.match(source, targets);
  }

  @Override
  public void close() {
    own.matcher().close();
  }
}

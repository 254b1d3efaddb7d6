package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.DenseFlow;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.ObjectCategory;
import org.denseflow.synthesis.ObjectPainter;
import org.junit.jupiter.api.Test;

/** The target's mirror image as a second hypothesis. */
class MirrorTest {
  private final RgbImage image =
      ObjectPainter.draw(ObjectCategory.values()[0], 160, 120, 1).image();

  @Test
  void theMirrorImageIsTakenWhereItsMatchesAgreeBetter() {
    assertThat(match("auto", image.mirrored()).mirrored()).isTrue();
    assertThat(match("auto", image).mirrored()).isFalse();
    assertThat(match("never", image.mirrored()).mirrored()).isFalse();
  }

  @Test
  void theFlowOfTheMirrorImageIsTurnedBack() {
    Match match = match("always", image.mirrored());
    assertThat(match.mirrored()).isTrue();
    assertThat(match.agreement().orElseThrow()).isGreaterThan(0.9);

    for (int i = 0; i < match.flow().cells(); i++) {
      double x = (i % match.flow().gridWidth() + 0.5) / match.flow().gridWidth();
      assertThat(match.flow().displacement()[2 * i]).isCloseTo((float) (1 - 2 * x), within(0.06f));
      assertThat(match.flow().displacement()[2 * i + 1]).isCloseTo(0, within(0.06f));
    }
  }

  @Test
  void imagesAreDescribedTwiceOnlyWhereAsked() {
    try (DenseMatcher<ImageFeatures> plain = matcher("never");
        DenseMatcher<ImageFeatures> both = matcher("auto");
        ImageFeatures one = plain.describe(image);
        ImageFeatures two = both.describe(image);
        ImageFeatures other = plain.describe(image.mirrored())) {
      assertThat(one.vectors()).hasSize(1);
      assertThat(two.vectors()).hasSize(2);
      assertThat(two.vectors().get(1)).isEqualTo(other.vectors().get(0));
    }
  }

  @Test
  void agreementIsNeededToChoose() {
    assertThatThrownBy(() -> DenseFlow.matcher("guided-translation", "guided.mirror=auto"))
        .hasMessageContaining("need agreement.window and agreement.tolerance");
  }

  private static DenseMatcher<ImageFeatures> matcher(String mirror) {
    return DenseFlow.matcher("guided", "backbone.name=hog", "guided.mirror=" + mirror);
  }

  private Match match(String mirror, RgbImage target) {
    try (DenseMatcher<ImageFeatures> matcher = matcher(mirror);
        ImageFeatures source = matcher.describe(image);
        ImageFeatures features = matcher.describe(target)) {
      return matcher.match(source, features);
    }
  }
}

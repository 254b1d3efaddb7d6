package org.denseflow.matcher.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.hog.HogBackbone;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.Match;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** What is made of a model's passes, which are known beforehand. */
class RecurrentMatcherTest {
  private static final int WIDTH = 3;
  private static final int HEIGHT = 2;
  private static final int PASSES = 2;

  private final List<Integer> blocks = new ArrayList<>();

  /** After pass p a cell of target n has moved by (n + p, -p / 2) cells. */
  @Test
  void theLastPassIsTheFlow() {
    List<Match> matches = match(1, true);
    Match match = matches.get(0);

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      assertThat(match.flow().displacement()[2 * i])
          .isCloseTo(2f / WIDTH, within(1e-6f))
          .isEqualTo(match.steps().get(1).field().displacement()[2 * i]);
      assertThat(match.flow().displacement()[2 * i + 1]).isCloseTo(-1f / HEIGHT, within(1e-6f));
      assertThat(match.steps().get(0).field().displacement()[2 * i])
          .isCloseTo(1f / WIDTH, within(1e-6f));
    }

    assertThat(match.steps()).extracting(Match.Step::name).containsExactly("pass 1", "pass 2");
    assertThat(match.steps().get(1).stylised().orElseThrow().width()).isEqualTo(11);
    assertThat(match.fallback()).isEqualTo(Match.Fallback.NONE);
  }

  /** Cosines are -1, -0.6, -0.2, 0.2, 0.6, 1; by hand (0.2 + 0.6 + 1) / 6. */
  @Test
  void theScoreIsTheMeanOfRectifiedCosines() {
    Match match = match(1, false).get(0);
    assertThat(match.score()).isCloseTo(0.3, within(1e-6));
    assertThat(match.flow().confidence()).containsExactly(0, 0, 0, 0.2f, 0.6f, 1);
    assertThat(match.steps()).isEmpty();
  }

  @Test
  void targetsGoThroughInBlocksAndKeepTheirOrder() {
    List<Match> matches = match(9, false);
    assertThat(blocks).containsExactly(4, 4, 1);

    for (int n = 0; n < 9; n++) {
      assertThat(matches.get(n).flow().displacement()[0])
          .isCloseTo((float) (n + 2) / WIDTH, within(1e-6f));
    }
  }

  /** HOG's cells at 96x64 pixels go to the model, as does the image; its maps are what is kept. */
  @Test
  void imagesAreDescribedByTheModel() {
    try (RecurrentMatcher<CellFeatures> matcher = matcher(false)) {
      CellFeatures features = matcher.describe(List.of(new RgbImage(7, 5, new byte[105]))).get(0);
      assertThat(features.size()).isEqualTo(new Size(7, 5));
      assertThat(features.maps()).hasSize(1);
      assertThat(features.maps().get(0).values().getDouble(0)).isEqualTo(7);
    }
  }

  private List<Match> match(int targets, boolean keepsSteps) {
    try (RecurrentMatcher<CellFeatures> matcher = matcher(keepsSteps)) {
      return matcher.match(
          features(-1), IntStream.range(0, targets).mapToObj(n -> features(n)).toList());
    }
  }

  private RecurrentMatcher<CellFeatures> matcher(boolean keepsSteps) {
    return new RecurrentMatcher<>(
        new WorkingSize(96, 64), new HogBackbone(), new KnownPasses(), keepsSteps);
  }

  private static CellFeatures features(int number) {
    return new CellFeatures(new Size(30, 20), List.of(map(number)));
  }

  private static FeatureMap map(int number) {
    return new FeatureMap(
        "known",
        new Size(WIDTH, HEIGHT),
        1,
        Nd4j.valueArrayOf(new long[] {WIDTH * HEIGHT, 1}, number));
  }

  private final class KnownPasses implements RecurrentModel<CellFeatures> {
    @Override
    public Class<CellFeatures> features() {
      return CellFeatures.class;
    }

    @Override
    public Size grid(CellFeatures source) {
      return source.maps().get(0).grid();
    }

    @Override
    public String digest() {
      return "known";
    }

    @Override
    public CellFeatures describe(CellFeatures features, RgbImage image) {
      assertThat(features.maps().get(0).tap()).isEqualTo("hog");
      return new CellFeatures(image.size(), List.of(map(image.width())));
    }

    @Override
    public List<Result> match(CellFeatures source, List<CellFeatures> targets) {
      blocks.add(targets.size());
      return targets.stream()
          .map(target -> result(target.maps().get(0).values().getInt(0)))
          .toList();
    }

    @Override
    public void close() {
      // nothing is owned
    }

    private static Result result(int number) {
      List<float[]> fields = new ArrayList<>();
      float[] cosine = new float[WIDTH * HEIGHT];

      for (int pass = 1; pass <= PASSES; pass++) {
        float[] field = new float[6 * WIDTH * HEIGHT];

        for (int i = 0; i < cosine.length; i++) {
          field[6 * i + 2] = number + pass;
          field[6 * i + 5] = -pass / 2f;
          cosine[i] = (2 * i - 5) / 5f;
        }

        fields.add(field);
      }

      RgbImage image = new RgbImage(11, 1, new byte[33]);
      return new Result(fields, cosine, List.of(image, image));
    }
  }
}

package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.transfer.NextExemplars.Choice;
import org.junit.jupiter.api.Test;

class NextExemplarsTest {

  /** Three alike and doubtful, one alone and doubtful, one alone and sure. */
  @Test
  void takesTheMiddleOfTheDoubtfulOnesFirst() {
    List<float[]> features = List.of(at(-20), at(0), at(20), at(120), at(240));
    double[] agreements = {0.2, 0.2, 0.2, 0.2, 0.95};
    List<Choice> chosen = NextExemplars.choose(features, agreements, 3);
    assertThat(chosen.get(0).image()).isEqualTo(1);
    assertThat(chosen.get(0).gain())
        .isCloseTo(0.8 * (1 + 2 * Math.cos(Math.toRadians(20))), within(1e-6));
    assertThat(chosen.get(1).image()).isEqualTo(3);
    assertThat(chosen.get(1).gain()).isCloseTo(0.8, within(1e-6));
  }

  @Test
  void eachChoiceIsTheBestOneLeft() {
    Random random = new Random(4);
    List<float[]> features = new ArrayList<>();
    double[] agreements = new double[12];

    for (int i = 0; i < agreements.length; i++) {
      float[] feature = new float[5];

      for (int c = 0; c < feature.length; c++) {
        feature[c] = (float) random.nextGaussian();
      }

      features.add(GlobalFeature.centred(feature, new float[5]));
      agreements[i] = random.nextDouble();
    }

    List<Choice> chosen = NextExemplars.choose(features, agreements, 12);
    List<Integer> drawn = new ArrayList<>();

    for (Choice choice : chosen) {
      double before = objective(features, agreements, drawn);

      for (int j = 0; j < 12; j++) {
        List<Integer> with = new ArrayList<>(drawn);
        with.add(j);
        assertThat(objective(features, agreements, with) - before)
            .isLessThanOrEqualTo(choice.gain() + 1e-9);
      }

      drawn.add(choice.image());
      assertThat(objective(features, agreements, drawn) - before)
          .isCloseTo(choice.gain(), within(1e-9));
    }

    assertThat(drawn).doesNotHaveDuplicates();
  }

  private static double objective(
      List<float[]> features, double[] agreements, List<Integer> drawn) {
    double sum = 0;

    for (int i = 0; i < agreements.length; i++) {
      double best = 0;

      for (int j : drawn) {
        double cosine = i == j ? 1 : GlobalFeature.product(features.get(i), features.get(j));
        best = Math.max(best, cosine);
      }

      sum += (1 - agreements[i]) * best;
    }

    return sum;
  }

  private static float[] at(double degrees) {
    double angle = Math.toRadians(degrees);
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
  }
}

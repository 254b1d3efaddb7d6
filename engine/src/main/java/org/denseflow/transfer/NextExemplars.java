package org.denseflow.transfer;

import java.util.ArrayList;
import java.util.List;

/**
 * Which images a person should draw masks of next: those that would help the most images whose
 * masks are doubtful. The set D of drawn images is chosen greedily for sum_i (1 − a_i) · max_{j in
 * D} s_ij (facility location; a greedy choice is within 1 − 1/e of the best set, Nemhauser et al.,
 * 1978), a_i the agreement of image i and s_ij the rectified cosine of centred global features (our
 * choice); an image helps itself with s_ii = 1.
 */
public final class NextExemplars {

  private NextExemplars() {}

  /**
   * A choice.
   *
   * @param image its number in the list
   * @param gain what the sum grows by, never more than that of the choice before
   */
  public record Choice(int image, double gain) {}

  /**
   * Chooses.
   *
   * @param features of the images, centred, each of length 1
   * @param agreements 0 to 1, one for each image
   * @param count the largest number of choices
   */
  public static List<Choice> choose(List<float[]> features, double[] agreements, int count) {
    double[][] similarities = similarities(features);
    double[] served = new double[features.size()];
    boolean[] taken = new boolean[served.length];
    List<Choice> chosen = new ArrayList<>();

    while (chosen.size() < Math.min(count, served.length)) {
      int best = -1;
      double most = -1;

      for (int j = 0; j < served.length; j++) {
        double gain = taken[j] ? -1 : gain(similarities[j], agreements, served);

        if (gain > most) {
          best = j;
          most = gain;
        }
      }

      taken[best] = true;
      chosen.add(new Choice(best, most));

      for (int i = 0; i < served.length; i++) {
        served[i] = Math.max(served[i], similarities[best][i]);
      }
    }

    return chosen;
  }

  private static double gain(double[] similarities, double[] agreements, double[] served) {
    double gain = 0;

    for (int i = 0; i < served.length; i++) {
      gain += (1 - agreements[i]) * Math.max(0, similarities[i] - served[i]);
    }

    return gain;
  }

  private static double[][] similarities(List<float[]> features) {
    double[][] similarities = new double[features.size()][features.size()];

    for (int i = 0; i < similarities.length; i++) {
      similarities[i][i] = 1;

      for (int j = 0; j < i; j++) {
        double cosine = GlobalFeature.product(features.get(i), features.get(j));
        similarities[i][j] = similarities[j][i] = Math.max(0, cosine);
      }
    }

    return similarities;
  }
}

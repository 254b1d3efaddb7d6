package org.denseflow.matcher.recurrent;

import java.util.List;

/**
 * Parameters of the training of RTNs.
 *
 * @param channels that the backbone's features are reduced to
 * @param passes K_max, Eq. 4
 * @param radius of the search window N_i, in places; 4 for the paper's 9x9
 * @param dilation cells from place to place of the window, of each pass; the last for all that
 *     follow
 * @param coarsePasses how many of the first passes are on a grid of half the width and height
 * @param kernel of the geometric matching network's first and last layer
 * @param widths channels of its levels, from the finest
 * @param matchRadius of M_i, Eq. 6, in cells
 * @param temperature of the softmax over M_i
 * @param matchWeight of the classification loss, Eq. 5
 * @param truthWeight of the distance to the true flow of synthetic pairs
 */
public record RtnParameters(
    int channels,
    int passes,
    int radius,
    List<Integer> dilation,
    int coarsePasses,
    int kernel,
    List<Integer> widths,
    int matchRadius,
    double temperature,
    double matchWeight,
    double truthWeight) {

  /** Checks the ranges. */
  public RtnParameters {
    dilation = List.copyOf(dilation);
    widths = List.copyOf(widths);

    if (channels < 1 || passes < 1 || radius < 1 || matchRadius < 1) {
      throw new IllegalArgumentException(
          "Invalid rtn: channels, passes, radius and match-radius must be positive");
    }

    if (dilation.isEmpty() || dilation.stream().anyMatch(step -> step < 1 || step > 99)) {
      throw new IllegalArgumentException(
          "Invalid dilation: must be numbers from 1 to 99, found " + dilation);
    }

    if (coarsePasses < 0 || coarsePasses >= passes) {
      throw new IllegalArgumentException(
          "Invalid coarse-passes: must be 0 to passes - 1, found " + coarsePasses);
    }

    if (kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException(
          "Invalid kernel: must be odd and positive, found " + kernel);
    }

    if (widths.isEmpty() || widths.stream().anyMatch(width -> width < 1)) {
      throw new IllegalArgumentException("Invalid widths: must be positive, found " + widths);
    }

    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "Invalid temperature: must be positive, found " + temperature);
    }

    if (!(matchWeight >= 0 && truthWeight >= 0 && matchWeight + truthWeight > 0)) {
      throw new IllegalArgumentException(
          "Invalid match-weight and truth-weight: must not be negative, and one of them positive");
    }
  }

  /** The shape of the networks for a backbone's features. */
  RtnShape shape(int features) {
    return new RtnShape(features, channels, radius, dilation, coarsePasses, kernel, widths);
  }
}

package org.denseflow.matcher.proposals;

import org.denseflow.training.BilinearSampling;
import org.denseflow.training.GridSize;
import org.denseflow.training.L2Normalisation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** SCNet's similarity of regions as a graph: {@link RoiAlign}, embedding, rectified cosine. */
public final class RegionSimilarity {
  /** Released code. */
  private static final double EPSILON = 1e-10;

  private RegionSimilarity() {}

  /**
   * {@link RoiAlign} of all regions; the gradient reaches the map.
   *
   * @param map {@code [1, h, w, channels]}
   * @param points {@code [1, regions · 4 · side², 2]} as {@link RoiAlign#points} gives them
   * @param side parts along x and along y
   * @return {@code [regions, side² · channels]}
   */
  public static SDVariable pooled(
      SDVariable map, GridSize grid, int channels, SDVariable points, int side) {
    SDVariable read =
        BilinearSampling.sample(map, grid, channels, points, BilinearSampling.Outside.BORDER);
    SDVariable parts = read.reshape(-1, RoiAlign.POINTS * RoiAlign.POINTS, channels).mean(1);
    return parts.reshape(-1, side * side * channels);
  }

  /**
   * c(r, w): a fully connected layer and L2 normalisation (SCNet, Section 4).
   *
   * @param regions {@code [regions, length]}
   * @param weights {@code [length, size]}
   * @param bias {@code [size]}
   * @return {@code [regions, size]}
   */
  public static SDVariable embedded(
      SDVariable regions, SDVariable weights, SDVariable bias, int size) {
    SDVariable linear = regions.getSameDiff().mmul(regions, weights).add(bias);
    return L2Normalisation.apply(linear, size, EPSILON);
  }

  /**
   * f(m, w) = max(0, c(r, w) · c(s, w)), Eq. 6.
   *
   * @param source {@code [sources, size]}
   * @param target {@code [targets, size]}
   * @return {@code [sources, targets]}
   */
  public static SDVariable rectifiedCosine(SDVariable source, SDVariable target) {
    SameDiff graph = source.getSameDiff();
    return graph.nn().relu(graph.mmul(source, target, false, true, false), 0);
  }
}

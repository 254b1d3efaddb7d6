package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Reads positions out of a correlation volume, SFNet, Eq. 2-3: hard argmax, soft argmax and kernel
 * soft argmax. A volume is {@code [batch, n, m]} with the m = h·w cells of the target grid as
 * candidates; positions are {@code [batch, n, 2]}, (x, y) in cells.
 */
public final class KernelSoftArgmaxBlock {
  private final Size grid;

  /**
   * Makes a read-out.
   *
   * @param grid the target grid
   */
  public KernelSoftArgmaxBlock(Size grid) {
    this.grid = grid;
  }

  /**
   * The position of the largest value of each row, the first of equal ones. It has no gradient.
   *
   * @param volume {@code [batch, n, m]}
   */
  public SDVariable hard(SDVariable volume) {
    SameDiff graph = volume.getSameDiff();
    SDVariable best = graph.argmax(volume, true, 2).castTo(volume.dataType());
    // Half a cell keeps the division from rounding to the wrong side of an integer.
    SDVariable y = graph.math().floor(best.add(0.5).div(grid.width()));
    return graph.concat(2, best.sub(y.mul(grid.width())), y);
  }

  /**
   * The expected position under softmax(beta · volume).
   *
   * @param volume {@code [batch, n, m]}
   * @param beta temperature, 50 in SFNet
   */
  public SDVariable soft(SDVariable volume, double beta) {
    requirePositive("beta", beta);
    SameDiff graph = volume.getSameDiff();
    // The native softmax subtracts the row's maximum.
    SDVariable weights = graph.nn().softmax(volume.mul(beta), 2);
    SDVariable positions = Constants.matrix(volume, GridCells.positions(grid)[0]);
    SDVariable expected = graph.mmul(weights.reshape(-1, grid.cells()), positions);
    SDVariable batchAndCells = graph.shape(volume).get(SDIndex.interval(0, 2));
    SDVariable both = Constants.longs(volume, 2);
    return graph.reshape(expected, graph.concat(0, batchAndCells, both));
  }

  /**
   * The expected position under softmax(beta · k · volume), k a Gaussian of height 1 around the
   * hard argmax. No gradient passes through the argmax.
   *
   * @param volume {@code [batch, n, m]}, normalised over the candidates
   * @param beta temperature, 50 in SFNet
   * @param sigma standard deviation of the Gaussian in cells, 5 in SFNet
   */
  public SDVariable kernelSoft(SDVariable volume, double beta, double sigma) {
    return soft(volume.mul(kernel(volume, sigma)), beta);
  }

  private SDVariable kernel(SDVariable volume, double sigma) {
    requirePositive("sigma", sigma);
    SDVariable centre = hard(volume);
    SDVariable dx = Coordinates.x(centre).sub(Constants.vector(volume, GridCells.columns(grid)));
    SDVariable dy = Coordinates.y(centre).sub(Constants.vector(volume, GridCells.rows(grid)));
    SDVariable squared = dx.mul(dx).add(dy.mul(dy));
    return volume.getSameDiff().math().exp(squared.mul(-0.5 / (sigma * sigma)));
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "Invalid %s: must be positive, found %s".formatted(name, value));
    }
  }
}

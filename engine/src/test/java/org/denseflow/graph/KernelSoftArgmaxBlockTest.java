package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class KernelSoftArgmaxBlockTest {
  private static final Size GRID = new Size(4, 3);
  private static final KernelSoftArgmaxBlock BLOCK = new KernelSoftArgmaxBlock(GRID);
  private static final INDArray VOLUME = TestArrays.gaussian(1, 2, 5, 12);

  static double gradientError() {
    return Math.max(
        GradientCheck.largestError(BLOCK.soft(variable(), 2)),
        GradientCheck.largestError(BLOCK.kernelSoft(variable(), 2, 1.5)));
  }

  @Test
  void hardIsTheCellOfTheMaximum() {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 5, 2);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 5; i++) {
        int best = best(b, i);
        expected.putScalar(b, i, 0, best % 4);
        expected.putScalar(b, i, 1, best / 4);
      }
    }

    TestArrays.assertClose(BLOCK.hard(variable()).eval(), expected);
  }

  @Test
  void hardFindsEveryCellOfALargeGridInFloat() {
    Size grid = new Size(41, 37);
    SDVariable diagonal =
        SameDiff.create().constant(Nd4j.eye(grid.cells()).reshape(1, grid.cells(), grid.cells()));
    INDArray positions = new KernelSoftArgmaxBlock(grid).hard(diagonal).eval();

    assertThat(positions)
        .isEqualTo(Nd4j.createFromArray(GridCells.positions(grid)).castTo(DataType.FLOAT));
  }

  @Test
  void softAgreesWithLoops() {
    TestArrays.assertClose(BLOCK.soft(variable(), 3).eval(), expectation(3, 1e9));
  }

  @Test
  void kernelSoftAgreesWithLoops() {
    TestArrays.assertClose(BLOCK.kernelSoft(variable(), 50, 1.5).eval(), expectation(50, 1.5));
  }

  @Test
  void largeValuesDoNotOverflow() {
    SDVariable volume = SameDiff.create().constant(VOLUME.castTo(DataType.FLOAT).mul(1000));

    assertThat(BLOCK.soft(volume, 50).eval())
        .isEqualTo(BLOCK.hard(variable()).eval().castTo(DataType.FLOAT));
  }

  @Test
  void refusesBadParameters() {
    assertThatThrownBy(() -> BLOCK.soft(variable(), 0))
        .hasMessage("Invalid beta: must be positive, found 0.0");
    assertThatThrownBy(() -> BLOCK.kernelSoft(variable(), 1, -1))
        .hasMessage("Invalid sigma: must be positive, found -1.0");
  }

  private static SDVariable variable() {
    return SameDiff.create().var("volume", VOLUME.dup());
  }

  private static int best(int b, int i) {
    int best = 0;

    for (int j = 1; j < 12; j++) {
      best = VOLUME.getDouble(b, i, j) > VOLUME.getDouble(b, i, best) ? j : best;
    }

    return best;
  }

  private static INDArray expectation(double beta, double sigma) {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 5, 2);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 5; i++) {
        int best = best(b, i);
        double total = 0;
        double x = 0;
        double y = 0;

        for (int j = 0; j < 12; j++) {
          double distance = Math.hypot(j % 4 - best % 4, j / 4 - best / 4);
          double kernel = Math.exp(-distance * distance / (2 * sigma * sigma));
          double weight = Math.exp(beta * kernel * VOLUME.getDouble(b, i, j));
          total += weight;
          x += weight * (j % 4);
          y += weight * (j / 4);
        }

        expected.putScalar(b, i, 0, x / total);
        expected.putScalar(b, i, 1, y / total);
      }
    }

    return expected;
  }
}

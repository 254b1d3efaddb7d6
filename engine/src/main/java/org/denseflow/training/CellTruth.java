package org.denseflow.training;

import java.util.Map;
import java.util.Optional;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.image.EightBitResize;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.GroundTruth;
import org.denseflow.synthesis.PairRecipe;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The ground truth of a training pair on a grid of cells: masks and flow. */
public final class CellTruth {
  /** Sub-samples on a side of a cell. */
  private static final int SAMPLES = 4;

  private CellTruth() {}

  /**
   * 1 where more than the threshold's share of a cell is object, and is shown by the other view too
   * where that is known.
   *
   * @param recipe from the mask's view to the other; empty for photographs
   * @return {@code [1, h, w, 1]}
   */
  public static INDArray mask(Mask mask, Optional<PairRecipe> recipe, Size grid, double threshold) {
    int columns = SAMPLES * grid.width();
    int rows = SAMPLES * grid.height();
    boolean[] valid = recipe.map(r -> GroundTruth.flow(r, columns, rows).valid()).orElse(null);
    float[] values = new float[grid.cells()];

    for (int i = 0; i < rows * columns; i++) {
      int x = i % columns;
      int y = i / columns;
      boolean inside =
          mask.at(
              (int) ((x + 0.5) / columns * mask.width()), (int) ((y + 0.5) / rows * mask.height()));

      if (inside && (valid == null || valid[i])) {
        values[y / SAMPLES * grid.width() + x / SAMPLES]++;
      }
    }

    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] > threshold * SAMPLES * SAMPLES ? 1 : 0;
    }

    return array(values, grid, 1);
  }

  /**
   * As {@link #mask(Mask, Optional, Size, double)}, but of a share that Pillow's bilinear resize to
   * the grid measures, in 8 bits, as SFNet's released code does.
   */
  public static INDArray filteredMask(
      Mask mask, Optional<PairRecipe> recipe, Size grid, double threshold) {
    boolean[] inside = mask.inside().clone();
    recipe.ifPresent(
        pair -> {
          boolean[] valid = GroundTruth.flow(pair, mask.width(), mask.height()).valid();

          for (int i = 0; i < inside.length; i++) {
            inside[i] &= valid[i];
          }
        });
    byte[] white = new byte[3 * inside.length];

    for (int i = 0; i < white.length; i++) {
      white[i] = (byte) (inside[i / 3] ? 255 : 0);
    }

    RgbImage small =
        EightBitResize.of(
            new RgbImage(mask.width(), mask.height(), white), grid.width(), grid.height());
    float[] values = new float[grid.cells()];

    for (int i = 0; i < values.length; i++) {
      values[i] = small.at(i % grid.width(), i / grid.width(), 0) > threshold * 255 ? 1 : 0;
    }

    return array(values, grid, 1);
  }

  /** As {@link #mask(Mask, Optional, Size, double)}; 1 everywhere without a mask. */
  public static INDArray mask(
      Optional<Mask> mask, Optional<PairRecipe> recipe, Size grid, double threshold) {
    return mask.isPresent()
        ? mask(mask.get(), recipe, grid, threshold)
        : Nd4j.ones(DataType.FLOAT, 1, grid.height(), grid.width(), 1);
  }

  /**
   * Adds the true flow from source to target, {@code truth [1, h, w, 2]} in cells, and where it is
   * known, {@code truth.valid [1, h, w, 1]}: nowhere for photographs.
   */
  public static void addFlow(
      Optional<PairRecipe> recipe, Size grid, Map<String, INDArray> example) {
    float[] flow = new float[2 * grid.cells()];
    float[] valid = new float[grid.cells()];

    if (recipe.isPresent()) {
      FlowField truth = GroundTruth.flow(recipe.get(), grid.width(), grid.height());
      valid = truth.confidence();

      for (int i = 0; i < valid.length; i++) {
        flow[2 * i] = truth.displacement()[2 * i] * grid.width();
        flow[2 * i + 1] = truth.displacement()[2 * i + 1] * grid.height();
      }
    }

    example.put("truth", array(flow, grid, 2));
    example.put("truth.valid", array(valid, grid, 1));
  }

  private static INDArray array(float[] values, Size grid, int channels) {
    return Nd4j.create(values, new long[] {1, grid.height(), grid.width(), channels}, 'c');
  }
}

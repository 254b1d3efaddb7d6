package org.denseflow.matcher;

import java.util.Arrays;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.flow.FlowField;

/** Collects matches in cell coordinates and turns them into a {@link FlowField}. */
public final class CellFlow {
  private final int sourceWidth;
  private final int sourceHeight;
  private final int targetWidth;
  private final int targetHeight;
  private final float[] displacement;
  private final float[] confidence;
  private final boolean[] valid;

  /** Makes a field on the volume's source grid, valid everywhere. */
  public CellFlow(CorrelationVolume volume) {
    this(volume.sourceWidth(), volume.sourceHeight(), volume.targetWidth(), volume.targetHeight());
  }

  /** Makes a field between grids of these sizes, valid everywhere. */
  public CellFlow(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight) {
    int cells = sourceWidth * sourceHeight;
    this.sourceWidth = sourceWidth;
    this.sourceHeight = sourceHeight;
    this.targetWidth = targetWidth;
    this.targetHeight = targetHeight;
    this.displacement = new float[2 * cells];
    this.confidence = new float[cells];
    this.valid = new boolean[cells];
    Arrays.fill(valid, true);
  }

  /** Source cell i lies at target column x, row y, in cells; whole numbers are cell centres. */
  public void set(int i, double x, double y, double certainty) {
    int column = i % sourceWidth;
    int row = i / sourceWidth;
    displacement[2 * i] = (float) ((x + 0.5) / targetWidth - (column + 0.5) / sourceWidth);
    displacement[2 * i + 1] = (float) ((y + 0.5) / targetHeight - (row + 0.5) / sourceHeight);
    confidence[i] = (float) Math.max(0, Math.min(1, certainty));
  }

  /**
   * Where source cell i of a field lies on a target grid, in cells: what was {@link #set}.
   *
   * @param component 0 for the column, 1 for the row
   * @param cells columns or rows of the target grid
   */
  static double position(FlowField field, int i, int component, int cells) {
    double own =
        component == 0
            ? (i % field.gridWidth() + 0.5) / field.gridWidth()
            : (i / field.gridWidth() + 0.5) / field.gridHeight();
    return (own + field.displacement()[2 * i + component]) * cells - 0.5;
  }

  /** Source cell i makes no statement. */
  public void invalidate(int i) {
    valid[i] = false;
  }

  /** The field. */
  public FlowField field() {
    return new FlowField(sourceWidth, sourceHeight, displacement, confidence, valid);
  }
}

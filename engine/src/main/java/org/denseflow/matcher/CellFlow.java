package org.denseflow.matcher;

import java.util.Arrays;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;

/** Collects matches in cell coordinates and turns them into a {@link FlowField}. */
public final class CellFlow {
  private final Size source;
  private final Size target;
  private final float[] displacement;
  private final float[] confidence;
  private final boolean[] valid;

  /** Makes a field on the volume's source grid, valid everywhere. */
  public CellFlow(CorrelationVolume volume) {
    this(volume.source(), volume.target());
  }

  /** Makes a field between grids of these sizes, valid everywhere. */
  public CellFlow(Size source, Size target) {
    int cells = source.cells();
    this.source = source;
    this.target = target;
    this.displacement = new float[2 * cells];
    this.confidence = new float[cells];
    this.valid = new boolean[cells];
    Arrays.fill(valid, true);
  }

  /** Source cell i lies at target column x, row y, in cells; whole numbers are cell centres. */
  public void set(int i, double x, double y, double certainty) {
    int column = i % source.width();
    int row = i / source.width();
    displacement[2 * i] = (float) ((x + 0.5) / target.width() - (column + 0.5) / source.width());
    displacement[2 * i + 1] = (float) ((y + 0.5) / target.height() - (row + 0.5) / source.height());
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
    return new FlowField(source.width(), source.height(), displacement, confidence, valid);
  }
}

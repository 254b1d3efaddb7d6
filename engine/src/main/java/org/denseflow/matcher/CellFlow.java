package org.denseflow.matcher;

import java.util.Arrays;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.flow.FlowField;

/** Collects matches in cell coordinates and turns them into a {@link FlowField}. */
public final class CellFlow {
  private final CorrelationVolume volume;
  private final float[] displacement;
  private final float[] confidence;
  private final boolean[] valid;

  /** Makes a field on the volume's source grid, valid everywhere. */
  public CellFlow(CorrelationVolume volume) {
    this.volume = volume;
    this.displacement = new float[2 * volume.rows()];
    this.confidence = new float[volume.rows()];
    this.valid = new boolean[volume.rows()];
    Arrays.fill(valid, true);
  }

  /** Source cell i lies at target column x, row y, in cells; whole numbers are cell centres. */
  public void set(int i, double x, double y, double certainty) {
    int column = i % volume.sourceWidth();
    int row = i / volume.sourceWidth();
    displacement[2 * i] =
        (float) ((x + 0.5) / volume.targetWidth() - (column + 0.5) / volume.sourceWidth());
    displacement[2 * i + 1] =
        (float) ((y + 0.5) / volume.targetHeight() - (row + 0.5) / volume.sourceHeight());
    confidence[i] = (float) Math.max(0, Math.min(1, certainty));
  }

  /** Source cell i makes no statement. */
  public void invalidate(int i) {
    valid[i] = false;
  }

  /** The field. */
  public FlowField field() {
    return new FlowField(
        volume.sourceWidth(), volume.sourceHeight(), displacement, confidence, valid);
  }
}

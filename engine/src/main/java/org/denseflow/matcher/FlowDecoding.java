package org.denseflow.matcher;

import org.denseflow.backbone.FeatureMap;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.image.WorkingSize;

/**
 * Turns the matches between two grids into the flow between two images: leaves out the ring of
 * cells that padding made, where it was matched, and brings the flow to its own grid.
 */
final class FlowDecoding {
  private final WorkingSize size;
  private final Decoding decoding;

  FlowDecoding(WorkingSize size, Decoding decoding) {
    this.size = size;
    this.decoding = decoding;
  }

  /** Decodes the flow of a match, and those of its steps. */
  Match decode(Match match, CellFeatures source, CellFeatures target) {
    if (decoding == Decoding.CELLS && !size.matchesRing()) {
      return match;
    }

    return match.with(field -> decode(field, source, target));
  }

  private FlowField decode(FlowField field, CellFeatures source, CellFeatures target) {
    int ring = size.matchesRing() ? (int) Math.rint(size.paddingShare() * field.gridWidth()) : 0;
    FeatureMap grid = target.maps().get(0);
    return switch (decoding) {
      case CELLS -> withoutRing(field, grid, ring);
      case PIXELS ->
          new PixelDecoding(field, grid.grid(), ring).decode(source.size(), target.size());
    };
  }

  private static FlowField withoutRing(FlowField field, FeatureMap target, int ring) {
    Size inner = field.grid().within(ring);
    CellFlow flow = new CellFlow(inner, target.grid().within(ring));

    for (int i = 0; i < inner.cells(); i++) {
      int cell = (i / inner.width() + ring) * field.gridWidth() + i % inner.width() + ring;
      double x = CellFlow.position(field, cell, 0, target.width());
      double y = CellFlow.position(field, cell, 1, target.height());
      flow.set(i, x - ring, y - ring, field.confidence()[cell]);

      if (!field.valid()[cell]) {
        flow.invalidate(i);
      }
    }

    return flow.field();
  }
}

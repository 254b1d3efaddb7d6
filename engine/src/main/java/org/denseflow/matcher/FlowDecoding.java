package org.denseflow.matcher;

import org.denseflow.backbone.FeatureMap;
import org.denseflow.flow.FlowField;
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
  Match decode(Match match, ImageFeatures source, ImageFeatures target) {
    if (decoding == Decoding.CELLS && !size.matchesRing()) {
      return match;
    }

    return new Match(
        decode(match.flow(), source, target),
        match.score(),
        match.confident(),
        match.fallback(),
        match.steps().stream()
            .map(
                step ->
                    new Match.Step(
                        step.name(), decode(step.field(), source, target), step.stylised()))
            .toList(),
        match.regions());
  }

  private FlowField decode(FlowField field, ImageFeatures source, ImageFeatures target) {
    int ring = size.matchesRing() ? (int) Math.rint(size.paddingShare() * field.gridWidth()) : 0;
    FeatureMap grid = target.maps().get(0);
    return switch (decoding) {
      case CELLS -> withoutRing(field, grid, ring);
      case PIXELS ->
          new PixelDecoding(field, grid.width(), grid.height(), ring)
              .decode(source.width(), source.height(), target.width(), target.height());
    };
  }

  private static FlowField withoutRing(FlowField field, FeatureMap target, int ring) {
    int width = field.gridWidth() - 2 * ring;
    int height = field.gridHeight() - 2 * ring;
    CellFlow flow =
        new CellFlow(width, height, target.width() - 2 * ring, target.height() - 2 * ring);

    for (int i = 0; i < width * height; i++) {
      int cell = (i / width + ring) * field.gridWidth() + i % width + ring;
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

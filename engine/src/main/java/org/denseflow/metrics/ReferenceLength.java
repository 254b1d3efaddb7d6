package org.denseflow.metrics;

import org.denseflow.metrics.KeypointPair.Annotated;

/** The length that a protocol's alphas are fractions of. */
final class ReferenceLength {

  private ReferenceLength() {}

  /** L in pixels of the protocol's frame; the pair must have a valid point. */
  static double of(Protocol protocol, KeypointPair pair) {
    boolean source = protocol.lengthSide() == Protocol.Side.SOURCE;
    Annotated image = source ? pair.source() : pair.target();
    double width = protocol.frame() == 0 ? image.width() : protocol.frame();
    double height = protocol.frame() == 0 ? image.height() : protocol.frame();
    double scaleX = width / image.width();
    double scaleY = height / image.height();

    return switch (protocol.length()) {
      case IMAGE -> Math.max(width, height);
      case DIAGONAL -> Math.hypot(width, height);
      case BBOX -> longerSide(annotated(protocol, image), scaleX, scaleY);
      case BBOX_KP -> longerSide(tight(pair, image), scaleX, scaleY);
    };
  }

  private static double longerSide(Box box, double scaleX, double scaleY) {
    return Math.max(scaleX * box.width(), scaleY * box.height());
  }

  private static Box annotated(Protocol protocol, Annotated image) {
    return image
        .box()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot score under %s: the pair has no %s box; choose a bbox-kp or image protocol"
                        .formatted(
                            protocol.name(),
                            protocol.lengthSide() == Protocol.Side.SOURCE ? "source" : "target")));
  }

  private static Box tight(KeypointPair pair, Annotated image) {
    double x1 = Double.POSITIVE_INFINITY;
    double y1 = Double.POSITIVE_INFINITY;
    double x2 = Double.NEGATIVE_INFINITY;
    double y2 = Double.NEGATIVE_INFINITY;

    for (int k = 0; k < image.points().size(); k++) {
      if (pair.valid(k)) {
        x1 = Math.min(x1, image.points().x()[k]);
        y1 = Math.min(y1, image.points().y()[k]);
        x2 = Math.max(x2, image.points().x()[k]);
        y2 = Math.max(y2, image.points().y()[k]);
      }
    }
    return new Box(x1, y1, x2, y2);
  }
}

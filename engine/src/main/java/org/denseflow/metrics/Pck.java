package org.denseflow.metrics;

import org.denseflow.flow.FlowField;
import org.denseflow.metrics.KeypointPair.Annotated;

/**
 * Percentage of correct keypoints: the share of query points that the flow carries to within alpha
 * · L of their annotated counterpart, counted as a {@link Protocol} says.
 */
public final class Pck {

  /**
   * One pair's count.
   *
   * @param valid points annotated in both images; 0 means that the pair has nothing to score
   * @param correct {@code [alphas]}: valid points with an error of at most alpha · L
   * @param length the reference length L, in pixels of the protocol's frame; NaN when valid is 0
   */
  public record Score(int valid, int[] correct, double length) {

    /** Share of correct points at the protocol's alpha of this index; NaN without a valid point. */
    public double pck(int alpha) {
      return valid == 0 ? Double.NaN : (double) correct[alpha] / valid;
    }
  }

  private Pck() {}

  /**
   * Scores one pair.
   *
   * @param flow the flow on the query image's grid: the source's under source-to-target protocols,
   *     the target's (the flow of the swapped pair) under target-to-source ones. A point at which
   *     the flow makes no statement counts as wrong.
   * @throws IllegalArgumentException if the protocol needs a box that the pair lacks
   */
  public static Score score(Protocol protocol, FlowField flow, KeypointPair pair) {
    boolean forward = protocol.direction() == Protocol.Direction.SOURCE_TO_TARGET;
    Annotated query = forward ? pair.source() : pair.target();
    Annotated other = forward ? pair.target() : pair.source();
    double[] querySize = frame(protocol, query);
    double[] otherSize = frame(protocol, other);
    double[] errors = new double[pair.source().points().size()];

    for (int k = 0; k < errors.length; k++) {
      if (pair.valid(k)) {
        double[] from = inFrame(protocol, query, k);
        double[] truth = inFrame(protocol, other, k);
        double[] found =
            FlowReadOut.at(
                flow,
                protocol.readOut(),
                round(protocol, from[0]),
                round(protocol, from[1]),
                querySize,
                otherSize);
        errors[k] = Math.hypot(found[0] - truth[0], found[1] - truth[1]);
      }
    }
    return count(protocol, pair, errors);
  }

  private static Score count(Protocol protocol, KeypointPair pair, double[] errors) {
    int valid = pair.validPoints();
    int[] correct = new int[protocol.alphas().size()];

    if (valid == 0) {
      return new Score(0, correct, Double.NaN);
    }
    double length = ReferenceLength.of(protocol, pair);

    for (int a = 0; a < correct.length; a++) {
      for (int k = 0; k < errors.length; k++) {
        if (pair.valid(k) && errors[k] <= protocol.alphas().get(a) * length) {
          correct[a]++;
        }
      }
    }
    return new Score(valid, correct, length);
  }

  private static double[] frame(Protocol protocol, Annotated image) {
    return protocol.frame() == 0
        ? new double[] {image.width(), image.height()}
        : new double[] {protocol.frame(), protocol.frame()};
  }

  /** Point k of an image as 0-based coordinates in the protocol's frame. */
  private static double[] inFrame(Protocol protocol, Annotated image, int k) {
    double[] size = frame(protocol, image);
    return new double[] {
      (image.points().x()[k] - protocol.base()) * size[0] / image.width(),
      (image.points().y()[k] - protocol.base()) * size[1] / image.height(),
    };
  }

  private static double round(Protocol protocol, double coordinate) {
    return switch (protocol.rounding()) {
      case NONE -> coordinate;
      case PIXEL -> Math.rint(coordinate);
      case FLOOR -> Math.floor(coordinate);
    };
  }
}

package org.denseflow.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** A score and the category of its pair. */
  public record Scored(String category, Score score) {}

  /**
   * Many pairs' average.
   *
   * @param values {@code [alphas]}: PCK, 0..1; NaN when no pair could be scored
   * @param pairs pairs that count
   * @param dropped pairs left out because they have no valid point
   * @param points valid points of the pairs that count
   */
  public record Summary(double[] values, int pairs, int dropped, long points) {}

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

  /** Averages pairs as the protocol says; pairs without a valid point are dropped and counted. */
  public static Summary summarise(Protocol protocol, List<Scored> scores) {
    List<Scored> kept = scores.stream().filter(scored -> scored.score().valid() > 0).toList();
    double[] values = new double[protocol.alphas().size()];

    for (int a = 0; a < values.length; a++) {
      values[a] = average(protocol.averaging(), kept, a);
    }
    long points = kept.stream().mapToLong(scored -> scored.score().valid()).sum();
    return new Summary(values, kept.size(), scores.size() - kept.size(), points);
  }

  /** {@link #summarise} for each category alone, sorted by name. */
  public static Map<String, Summary> summariseByCategory(Protocol protocol, List<Scored> scores) {
    Map<String, Summary> summaries = new TreeMap<>();
    byCategory(scores)
        .forEach((category, own) -> summaries.put(category, summarise(protocol, own)));
    return summaries;
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

  private static double average(Protocol.Averaging averaging, List<Scored> kept, int alpha) {
    return switch (averaging) {
      case IMAGE -> imageMean(kept, alpha);
      case POINT -> {
        double correct = kept.stream().mapToLong(s -> s.score().correct()[alpha]).sum();
        yield correct / kept.stream().mapToLong(s -> s.score().valid()).sum();
      }
      case CLASS ->
          byCategory(kept).values().stream()
              .mapToDouble(own -> imageMean(own, alpha))
              .average()
              .orElse(Double.NaN);
    };
  }

  private static double imageMean(List<Scored> kept, int alpha) {
    return kept.stream().mapToDouble(s -> s.score().pck(alpha)).average().orElse(Double.NaN);
  }

  private static Map<String, List<Scored>> byCategory(List<Scored> scores) {
    Map<String, List<Scored>> groups = new TreeMap<>();
    scores.forEach(s -> groups.computeIfAbsent(s.category(), c -> new ArrayList<>()).add(s));
    return groups;
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

package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.denseflow.jobs.Counted;

/**
 * A cause why a metric of a protocol does not count pairs, a row of {@code unscored.json}.
 *
 * @param metric "all" where no metric of the protocol counts them
 * @param pairs how many
 * @param examples the first of them, in order of their ids
 */
record UnscoredCause(
    String protocol, String metric, UnscoredReason reason, long pairs, List<Example> examples)
    implements Serializable {
  static final String FILE = "unscored.json";
  private static final int EXAMPLES = 3;

  /**
   * A pair that is not counted.
   *
   * @param detail what a person needs besides, such as the error of a pair that failed; may be ""
   */
  record Example(String pairId, String category, String detail) implements Serializable {}

  /** Tells the causes of one protocol apart. */
  record Key(UnscoredReason reason, String metric) implements Comparable<Key>, Serializable {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::reason).thenComparing(Key::metric);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Of one pair. */
  static UnscoredCause of(UnscoredMetric gap) {
    return new UnscoredCause(
        gap.protocol(),
        gap.metric(),
        gap.reason(),
        1,
        List.of(new Example(gap.pairId(), gap.category(), gap.detail())));
  }

  Key key() {
    return new Key(reason, metric);
  }

  /** With the pairs of the same cause among others. */
  UnscoredCause plus(UnscoredCause other) {
    List<Example> first =
        Stream.concat(examples.stream(), other.examples.stream())
            .sorted(Comparator.comparing(Example::pairId))
            .limit(EXAMPLES)
            .toList();
    return new UnscoredCause(protocol, metric, reason, pairs + other.pairs, first);
  }

  /** Causes for people: a line each, with an example and the mend. */
  static String report(List<UnscoredCause> causes) {
    return causes.stream().map(UnscoredCause::line).collect(Collectors.joining());
  }

  private String line() {
    Example first = examples.get(0);
    return "  %s: %s: %s%s: %s, such as %s%s; to mend it, %s%n"
        .formatted(
            protocol,
            reason == UnscoredReason.FAILED ? "failed" : "unscored",
            metric.equals(UnscoredMetric.ALL) ? "" : metric + ": ",
            reason.words(),
            Counted.of(pairs, "pairs"),
            first.pairId(),
            first.detail().isEmpty() ? "" : " (" + first.detail() + ")",
            reason.mend());
  }
}

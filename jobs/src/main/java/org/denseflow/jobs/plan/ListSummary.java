package org.denseflow.jobs.plan;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What is known of a pair list once each pair was seen, in any order: how many pairs it has, a
 * digest, and a sample. The digest is the sum of the pairs' own, so that it does not depend on the
 * order in which executors read them.
 */
public final class ListSummary implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Pairs of a sample. */
  public static final int SAMPLE = 2000;

  private final long[] digest = new long[4];
  private final TreeMap<Long, PlannedPair> sample = new TreeMap<>();
  private long pairs;
  private long swapped;
  private long nameless;

  /** Pairs in all, with swapped ones. */
  public long pairs() {
    return pairs;
  }

  /** Those that are swapped ones, which no dataset lists. */
  public long swapped() {
    return swapped;
  }

  /** Those without source or target. */
  long nameless() {
    return nameless;
  }

  /** Half of a 256-bit sum, in hexadecimal digits. */
  public String digest() {
    return "%016x%016x".formatted(digest[0] ^ digest[2], digest[1] ^ digest[3]);
  }

  /** Some of the pairs, the same for the same list. */
  public List<PlannedPair> sample() {
    return List.copyOf(sample.values());
  }

  /** Adds a pair. */
  ListSummary plus(PlannedPair pair) {
    String text = String.join("\t", pair.pairId(), pair.source(), pair.target(), pair.mask());
    ByteBuffer own = ByteBuffer.wrap(DigestUtils.sha256(text));

    for (int i = 0; i < digest.length; i++) {
      digest[i] += own.getLong(Long.BYTES * i);
    }

    pairs++;
    swapped += pair.isSwapped() ? 1 : 0;
    nameless += pair.source().isEmpty() || pair.target().isEmpty() ? 1 : 0;

    if (sample.size() < SAMPLE || own.getLong(0) < sample.lastKey()) {
      sample.put(own.getLong(0), pair);
      trim();
    }

    return this;
  }

  /** Adds what is known of other pairs. */
  ListSummary plus(ListSummary other) {
    for (int i = 0; i < digest.length; i++) {
      digest[i] += other.digest[i];
    }

    pairs += other.pairs;
    swapped += other.swapped;
    nameless += other.nameless;
    sample.putAll(other.sample);
    trim();
    return this;
  }

  private void trim() {
    while (sample.size() > SAMPLE) {
      sample.pollLastEntry();
    }
  }
}

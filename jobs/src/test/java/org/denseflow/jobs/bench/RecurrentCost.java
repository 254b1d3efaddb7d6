package org.denseflow.jobs.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.denseflow.matcher.recurrent.RecurrentBench;

/** What RTNs and SAM-Net cost by pair: time of a pass, memory in matching and in training. */
final class RecurrentCost {
  private static final Map<String, Supplier<RecurrentBench<?>>> NETWORKS = new LinkedHashMap<>();
  private static final Map<String, ObjIntConsumer<RecurrentBench<?>>> WORK = new LinkedHashMap<>();

  /** So many pairs that reading the weights does not set the peak. */
  private static final Map<String, Integer> PAIRS = Map.of("matching", 12, "training", 2);

  static {
    NETWORKS.put("rtn-compact", RecurrentBench::compact);
    NETWORKS.put("rtn", RecurrentBench::paper);
    NETWORKS.put("samnet-compact", RecurrentBench::samnet);
    WORK.put("matching", RecurrentBench::match);
    WORK.put("training", RecurrentBench::learn);
  }

  private RecurrentCost() {}

  /**
   * Measures all networks.
   *
   * @param rate multiplications and additions a millisecond, for the floor
   */
  static List<BenchRow> rows(double rate) {
    List<BenchRow> rows = new ArrayList<>();

    for (String name : NETWORKS.keySet()) {
      RecurrentBench<?> network = NETWORKS.get(name).get();

      for (int pairs : new int[] {1, 4}) {
        rows.add(
            BenchRow.of(
                "%s, 16x16x1024, batch %d, per pair and pass (floor: its convolutions at GEMM rate)"
                    .formatted(name, pairs),
                Stopwatch.bestMillis(() -> network.match(pairs)) / pairs / RecurrentBench.PASSES,
                "ms",
                network.flops() / rate));
      }
    }

    for (String name : NETWORKS.keySet()) {
      for (String work : WORK.keySet()) {
        rows.add(memory(name, work));
      }
    }

    return rows;
  }

  /** By how much more pairs in a batch raise its peak, by pair, beside one megabyte. */
  private static BenchRow memory(String name, String work) {
    int pairs = PAIRS.get(work);
    double each = (peak(name, work, 4 * pairs) - peak(name, work, pairs)) / (3 * pairs);
    return BenchRow.of(
        "%s, memory of a pair in %s (floor: 1 MB)".formatted(name, work), each, "MB", 1);
  }

  private static double peak(String name, String work, int pairs) {
    return PeakMemory.megabytes(RecurrentCost.class, name, work, String.valueOf(pairs));
  }

  /** Does one batch, and prints this process's peak: {@code NETWORK matching|training PAIRS}. */
  public static void main(String[] arguments) throws IOException {
    WORK.get(arguments[1]).accept(NETWORKS.get(arguments[0]).get(), Integer.parseInt(arguments[2]));
    PeakMemory.print();
  }
}

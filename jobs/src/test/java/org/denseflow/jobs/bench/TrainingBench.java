package org.denseflow.jobs.bench;

import java.util.List;
import org.denseflow.matcher.sfnet.SfnetBench;

/** A training step beside its convolutions at the rate of a product. */
final class TrainingBench {

  private TrainingBench() {}

  static List<BenchRow> rows() {
    try (SfnetBench bench = new SfnetBench()) {
      return List.of(
          BenchRow.of(
              "sfnet step, 20x20x1024, one 3x3 unit, 4 pairs (floor: its convolutions at GEMM rate)",
              Stopwatch.bestMillis(bench::step),
              "ms",
              bench.convolutionFlops() / Rates.gemm()));
    }
  }
}

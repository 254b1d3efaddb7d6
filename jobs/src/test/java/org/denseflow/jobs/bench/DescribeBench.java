package org.denseflow.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.network.BackboneBench;

/** Describing images of 320x320 pixels beside the network's operations at the rate of a product. */
final class DescribeBench {

  private DescribeBench() {}

  static List<BenchRow> rows() {
    double rate = Rates.gemm();
    List<BenchRow> rows = new ArrayList<>();

    for (String name : List.of("resnet50_v2", "denseflow_s")) {
      for (int batch : new int[] {1, 4}) {
        rows.add(row(name, batch, rate));
      }
    }

    return rows;
  }

  /**
   * One network.
   *
   * @param rate multiplications and additions a millisecond, for the floor
   */
  static BenchRow row(String name, int batch, double rate) {
    try (BackboneBench bench = new BackboneBench(name)) {
      return BenchRow.of(
          "describe, %s to %s, batch %d, per image (floor: its convolutions at GEMM rate)"
              .formatted(name, bench.tap(), batch),
          Stopwatch.bestMillis(() -> bench.describe(batch)) / batch,
          "ms",
          bench.flops() / rate);
    }
  }
}

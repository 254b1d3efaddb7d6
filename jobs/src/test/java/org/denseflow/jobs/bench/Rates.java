package org.denseflow.jobs.bench;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** What this machine can do at most: floors are counted from it. */
final class Rates {
  private static final int GEMM_SIDE = 1024;

  /** Copies of small arrays are timed so many bytes at a time. */
  private static final long TIMED_BYTES = 32 << 20;

  private Rates() {}

  /** Multiplications and additions a millisecond, of a large matrix product. */
  static double gemm() {
    return 2.0 * GEMM_SIDE * GEMM_SIDE * GEMM_SIDE / gemmMillis(GEMM_SIDE, GEMM_SIDE, GEMM_SIDE);
  }

  /** The time of {@code [rows, inner] · [columns, inner]ᵀ}. */
  static double gemmMillis(int rows, int columns, int inner) {
    try (INDArray a = Nd4j.rand(rows, inner);
        INDArray b = Nd4j.rand(columns, inner);
        INDArray c = Nd4j.create(rows, columns)) {
      return Stopwatch.bestMillis(
          () ->
              Nd4j.exec(
                  DynamicCustomOp.builder("matmul")
                      .addInputs(a, b)
                      .addOutputs(c)
                      .addIntegerArguments(0, 1, 0)
                      .build()));
    }
  }

  /** The time of a copy that reads and writes so many bytes in all. */
  static double copyMillis(long bytes) {
    byte[] from = new byte[Math.toIntExact(bytes / 2)];
    byte[] to = new byte[from.length];
    int copies = Math.toIntExact(Math.max(1, TIMED_BYTES / bytes));
    return Stopwatch.bestMillis(
            () -> {
              for (int i = 0; i < copies; i++) {
                System.arraycopy(from, 0, to, 0, from.length);
              }
            })
        / copies;
  }
}

package org.denseflow.training;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads native operations that the calling thread starts may use. */
public final class NativeThreads {

  private NativeThreads() {}

  /** Sets the number, instead of what OMP_NUM_THREADS says. */
  public static void use(int threads) {
    Nd4j.getBackend();
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }
}

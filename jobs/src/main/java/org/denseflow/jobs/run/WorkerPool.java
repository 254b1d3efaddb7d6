package org.denseflow.jobs.run;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A pool of what computes pairs in a process, such as matchers: made when first needed, one per
 * task that runs at a time, kept for the tasks that follow. They are freed when their run ends, in
 * processes other than the driver when the next one starts.
 */
public final class WorkerPool {
  private static final Map<String, Deque<AutoCloseable>> IDLE = new ConcurrentHashMap<>();

  private WorkerPool() {}

  /** An idle one of a run, which has only one type of them, or a new one. */
  public static <T extends AutoCloseable> T borrow(
      String fingerprint, Class<T> type, Supplier<T> make) {
    freeOthers(fingerprint);
    AutoCloseable idle = pool(fingerprint).poll();
    return idle != null ? type.cast(idle) : make.get();
  }

  /** Leaves one to the tasks that follow, and frees what this thread has allocated. */
  public static void giveBack(String fingerprint, AutoCloseable worker) {
    pool(fingerprint).push(worker);
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  /** Frees what tasks of a run have left in this process. */
  public static void clear(String fingerprint) {
    free(pool(fingerprint));
    DescriptionCache.clear();
    FeatureFile.closeAll();
  }

  private static Deque<AutoCloseable> pool(String fingerprint) {
    return IDLE.computeIfAbsent(fingerprint, key -> new ConcurrentLinkedDeque<>());
  }

  private static void freeOthers(String fingerprint) {
    for (Map.Entry<String, Deque<AutoCloseable>> entry : IDLE.entrySet()) {
      if (!entry.getKey().equals(fingerprint)) {
        free(entry.getValue());
      }
    }
  }

  private static void free(Deque<AutoCloseable> idle) {
    for (AutoCloseable old = idle.poll(); old != null; old = idle.poll()) {
      close(old);
    }
  }

  /** Frees one. */
  public static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot free " + closeable.getClass().getSimpleName(), e);
    }
  }
}

package org.denseflow.jobs.training;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;

/** The workers of a process: made when first needed, kept for the rounds that follow. */
final class TrainWorkerPool {
  private static final Deque<TrainWorker> IDLE = new ArrayDeque<>();
  private static String fingerprint = "";

  private TrainWorkerPool() {}

  static TrainWorker borrow(TrainContext context, Configuration configuration) {
    synchronized (IDLE) {
      if (!fingerprint.equals(context.fingerprint())) {
        IDLE.forEach(TrainWorker::close);
        IDLE.clear();
        fingerprint = context.fingerprint();
      }

      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
    }

    return new TrainWorker(context, configuration);
  }

  static void giveBack(TrainContext context, TrainWorker worker) {
    synchronized (IDLE) {
      if (fingerprint.equals(context.fingerprint())) {
        IDLE.push(worker);
        return;
      }
    }

    worker.close();
  }

  /** Frees all that is idle. */
  static void clear() {
    synchronized (IDLE) {
      IDLE.forEach(TrainWorker::close);
      IDLE.clear();
      fingerprint = "";
    }
  }
}

package org.denseflow.jobs.training;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;

/** The workers of a process: made when first needed, kept for the rounds that follow. */
final class WorkerPool {
  private static final Deque<Worker> IDLE = new ArrayDeque<>();
  private static String fingerprint = "";

  private WorkerPool() {}

  static Worker borrow(TrainContext context, Configuration configuration) {
    synchronized (IDLE) {
      if (!fingerprint.equals(context.fingerprint())) {
        IDLE.forEach(Worker::close);
        IDLE.clear();
        fingerprint = context.fingerprint();
      }

      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
    }

    return new Worker(context, configuration);
  }

  static void giveBack(TrainContext context, Worker worker) {
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
      IDLE.forEach(Worker::close);
      IDLE.clear();
      fingerprint = "";
    }
  }
}

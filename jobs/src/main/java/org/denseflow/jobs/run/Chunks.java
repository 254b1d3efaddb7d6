package org.denseflow.jobs.run;

import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.spark.SparkContext;

/**
 * Computes the chunks of a run, several at a time: an executor that finds nothing left to do in one
 * begins with the next, instead of waiting for the chunk's last task and its commit. Spark offers
 * executors the tasks of the chunk that was begun first.
 */
public final class Chunks {
  private Chunks() {}

  /**
   * Computes and commits each chunk.
   *
   * @param run whose loss to another driver is told, whatever failed because of it
   * @param progress says how many are done
   * @param table that they are chunks of, for Spark's pages
   * @param chunks how many
   * @param tasks how many all of them have
   * @param chunk called with each chunk's number, from several threads at a time
   * @throws RuntimeException of the first chunk that fails; those begun are ended, no other is
   *     begun
   */
  public static void compute(
      SparkContext spark,
      RunDirectory run,
      Progress progress,
      String table,
      int chunks,
      int tasks,
      IntConsumer chunk) {
    String group = table + " " + UUID.randomUUID();
    ExecutorService threads = Executors.newCachedThreadPool();
    CompletionService<Integer> running = new ExecutorCompletionService<>(threads);
    int begun = 0;

    try {
      for (int done = 0; done < chunks; done++) {
        progress.stage("chunks %d/%d".formatted(done, chunks));
        int until = Math.min(chunks, done + atOnce(spark.defaultParallelism(), chunks, tasks));

        while (begun < until) {
          int number = begun++;
          running.submit(
              () -> {
                spark.setJobGroup(
                    group, "%s chunk %d of %d".formatted(table, number + 1, chunks), false);
                chunk.accept(number);
              },
              number);
        }

        running.take().get();
      }

      progress.stage("chunks %d/%d".formatted(chunks, chunks));
    } catch (ExecutionException e) {
      run.checkKnownClaim();
      throw e.getCause() instanceof RuntimeException own
          ? own
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while chunks were computed", e);
    } finally {
      spark.cancelJobGroupAndFutureJobs(group);
      threads.shutdown();
      awaitEnd(threads);
    }
  }

  /** Chunks whose tasks keep all cores busy while one more waits for its last task. */
  static int atOnce(int cores, int chunks, int tasks) {
    return 1 + (int) Math.ceil((double) cores * chunks / tasks);
  }

  /** Whatever interrupts: nothing is written once the run is left. */
  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = Thread.interrupted();

    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }

    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package org.denseflow.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.denseflow.jobs.bench.Soak.Round;
import org.junit.jupiter.api.Test;

class SoakTest {

  private static List<Round> heaps(double... heaps) {
    List<Round> rounds = new ArrayList<>();

    for (double heap : heaps) {
      rounds.add(new Round(0, heap, 0, 0, 0));
    }

    return rounds;
  }

  @Test
  void growthIsOfTheLeastInTheLastThirdOverThatOfTheOneBefore() {
    assertThat(Soak.growth(heaps(500, 1, 100, 130, 110, 120), Round::heap))
        .isCloseTo(0.1, within(1e-12));
  }

  @Test
  void whatSettlesAfterTheFirstThirdHasNotGrown() {
    assertThat(Soak.growth(heaps(10, 100, 100, 100), Round::heap)).isZero();
  }

  @Test
  void threadsThatEndByThemselvesAreNotCounted() throws InterruptedException, ExecutionException {
    ExecutorService cached = Executors.newCachedThreadPool();
    ExecutorService fixed = Executors.newFixedThreadPool(3);
    ScheduledExecutorService scheduled = Executors.newScheduledThreadPool(1);

    try {
      long before = settled(Soak.threads());
      useAll(cached, 20);
      assertThat(settled(before)).isEqualTo(before);
      useAll(fixed, 3);
      assertThat(settled(before + 3)).isEqualTo(before + 3);
      scheduled.schedule(() -> {}, 1, TimeUnit.HOURS);
      assertThat(settled(before + 4)).isEqualTo(before + 4);
    } finally {
      List.of(cached, fixed, scheduled).forEach(ExecutorService::shutdownNow);
    }
  }

  /** So many threads have work at the same time, and then none. */
  private static void useAll(ExecutorService pool, int threads)
      throws InterruptedException, ExecutionException {
    CountDownLatch all = new CountDownLatch(threads);
    List<Future<?>> uses = new ArrayList<>();

    for (int i = 0; i < threads; i++) {
      uses.add(
          pool.submit(
              () -> {
                all.countDown();
                all.await();
                return null;
              }));
    }

    for (Future<?> use : uses) {
      use.get();
    }
  }

  /** The count, once it is as expected or after ten seconds. */
  private static long settled(long expected) throws InterruptedException {
    for (int i = 0; i < 1000 && Soak.threads() != expected; i++) {
      Thread.sleep(10);
    }

    return Soak.threads();
  }

  @Test
  void twoRoundsTellNothing() {
    assertThatThrownBy(() -> Soak.growth(heaps(1, 2), Round::heap))
        .hasMessageContaining("from 2 rounds");
  }
}

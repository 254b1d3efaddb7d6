package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DescriptionsTest {
  private final Map<String, AtomicInteger> made = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  @Test
  void keepsTheMostRecentAndNeverFreesWhatIsInUse() throws IOException {
    Descriptions descriptions = new Descriptions(2);
    descriptions.take("a", this::make);
    descriptions.take("b", this::make);
    descriptions.take("c", this::make);
    assertThat(open).containsExactlyInAnyOrder("a", "b", "c");
    descriptions.giveBack("b");
    assertThat(open).containsExactlyInAnyOrder("a", "c");
    descriptions.giveBack("a");
    descriptions.take("d", this::make);
    assertThat(open).containsExactlyInAnyOrder("c", "d");
    assertThat(descriptions.take("c", this::make).failure()).isNull();
    assertThat(made.get("c")).hasValue(1);
    assertThat(descriptions.holds("a")).isFalse();
    assertThat(descriptions.holds("d")).isTrue();
  }

  @Test
  void anotherRunFreesThem() throws IOException {
    Descriptions.of(-1, 5).take("a", this::make);
    Descriptions.of(-1, 5).take("b", this::make);
    Descriptions.of(-1, 5).giveBack("b");
    Descriptions.of(-2, 5);
    assertThat(open).containsExactly("a");
    Descriptions.of(-1, 5).giveBack("a");
  }

  @Test
  void anErrorIsNotKept() throws IOException {
    Descriptions descriptions = new Descriptions(5);
    assertThatThrownBy(
            () ->
                descriptions.take(
                    "a",
                    uri -> {
                      throw new IOException("503");
                    }))
        .hasMessage("503");
    assertThat(descriptions.take("a", this::make).description()).isNotNull();
  }

  @Test
  void thoseWhoWaitForAnErrorTryThemselves() throws Exception {
    Descriptions descriptions = new Descriptions(5);
    CountDownLatch waiting = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<?> first =
        threads.submit(
            () ->
                descriptions.take(
                    "a",
                    uri -> {
                      awaitQuietly(waiting);
                      throw new IOException("reset");
                    }));

    while (!descriptions.holds("a")) {
      Thread.onSpinWait();
    }

    Future<Descriptions.Described> second =
        threads.submit(() -> descriptions.take("a", this::make));
    waiting.countDown();
    assertThatThrownBy(first::get).hasMessageContaining("reset");
    assertThat(second.get().description()).isNotNull();
    threads.shutdown();
  }

  @Test
  void manyTasksMakeEachOnceWhileItIsKept() throws Exception {
    Descriptions descriptions = new Descriptions(40);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> tasks = new ArrayList<>();

    for (int t = 0; t < 6; t++) {
      Random random = new Random(t);
      tasks.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 500; i++) {
                  String uri = String.valueOf(random.nextInt(40));
                  assertThat(descriptions.take(uri, this::make).description()).isNotNull();
                  assertThat(open).contains(uri);
                  descriptions.giveBack(uri);
                }

                return null;
              }));
    }

    for (Future<?> task : tasks) {
      task.get();
    }

    threads.shutdown();
    assertThat(made.values()).allSatisfy(times -> assertThat(times).hasValue(1));
    assertThat(open).hasSize(40);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Descriptions.Described make(String uri) {
    made.computeIfAbsent(uri, name -> new AtomicInteger()).incrementAndGet();
    open.add(uri);
    return new Descriptions.Described(() -> open.remove(uri), 1, null);
  }
}

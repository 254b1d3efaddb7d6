package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DescriptionCacheTest {
  private final Map<String, AtomicInteger> made = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  @Test
  void keepsTheMostRecentAndNeverFreesWhatIsInUse() throws IOException {
    DescriptionCache descriptions = new DescriptionCache(2);
    descriptions.take(List.of("a"), this::make);
    descriptions.take(List.of("b"), this::make);
    descriptions.take(List.of("c"), this::make);
    assertThat(open).containsExactlyInAnyOrder("a", "b", "c");
    descriptions.giveBack("b");
    assertThat(open).containsExactlyInAnyOrder("a", "c");
    descriptions.giveBack("a");
    descriptions.take(List.of("d"), this::make);
    assertThat(open).containsExactlyInAnyOrder("c", "d");
    assertThat(take(descriptions, "c").failure()).isNull();
    assertThat(made.get("c")).hasValue(1);
    assertThat(descriptions.holds("a")).isFalse();
    assertThat(descriptions.holds("d")).isTrue();
  }

  @Test
  void whatIsKeptIsCountedInBytes() throws IOException {
    DescriptionCache descriptions = new DescriptionCache(5);

    for (String uri : List.of("a", "bb", "cc")) {
      take(descriptions, uri);
      descriptions.giveBack(uri);
    }

    assertThat(open).containsExactlyInAnyOrder("a", "bb", "cc");
    take(descriptions, "dddd");
    assertThat(open).containsExactly("dddd");
    descriptions.giveBack("dddd");
    take(descriptions, "e");
    assertThat(open).containsExactlyInAnyOrder("dddd", "e");
  }

  @Test
  void onlyWhatIsMissingIsMadeAndItIsMadeTogether() throws IOException {
    DescriptionCache descriptions = new DescriptionCache(5);
    take(descriptions, "b");
    List<List<String>> asked = new ArrayList<>();
    Map<String, DescriptionCache.Described> taken =
        descriptions.take(
            List.of("a", "b", "c"),
            uris -> {
              asked.add(uris);
              return make(uris);
            });
    assertThat(asked).containsExactly(List.of("a", "c"));
    assertThat(taken.keySet()).containsExactly("a", "b", "c");
  }

  /** Two tasks that each make what the other one waits for would wait for ever. */
  @Test
  void tasksThatShareABatchInOtherOrdersDoNotWaitForEachOther() throws Exception {
    DescriptionCache descriptions = new DescriptionCache(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> tasks = new ArrayList<>();

    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      tasks.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  List<String> uris = new ArrayList<>(List.of("a", "b", "c", "d"));
                  Collections.shuffle(uris, random);
                  List<String> some = uris.subList(0, 3);
                  assertThat(descriptions.take(some, this::make).keySet())
                      .containsExactlyElementsOf(some);
                  some.forEach(descriptions::giveBack);
                }

                return null;
              }));
    }

    for (Future<?> task : tasks) {
      task.get(60, TimeUnit.SECONDS);
    }

    threads.shutdown();
    assertThat(open).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aBatchThatFailsIsGivenBack() throws IOException {
    DescriptionCache descriptions = new DescriptionCache(0);
    take(descriptions, "a");
    assertThatThrownBy(
            () ->
                descriptions.take(
                    List.of("a", "b"),
                    uris -> {
                      throw new IOException("503");
                    }))
        .hasMessage("503");
    assertThat(descriptions.holds("b")).isFalse();
    descriptions.giveBack("a");
    assertThat(open).isEmpty();
  }

  @Test
  void anotherRunFreesThem() throws IOException {
    DescriptionCache.of("first", 5).take(List.of("a"), this::make);
    DescriptionCache.of("first", 5).take(List.of("b"), this::make);
    DescriptionCache.of("first", 5).giveBack("b");
    DescriptionCache.of("second", 5);
    assertThat(open).containsExactly("a");
    DescriptionCache.of("first", 5).giveBack("a");
  }

  @Test
  void anErrorIsNotKept() throws IOException {
    DescriptionCache descriptions = new DescriptionCache(5);
    assertThatThrownBy(
            () ->
                descriptions.take(
                    List.of("a"),
                    uris -> {
                      throw new IOException("503");
                    }))
        .hasMessage("503");
    assertThat(take(descriptions, "a").description()).isNotNull();
  }

  @Test
  void thoseWhoWaitForAnErrorTryThemselves() throws Exception {
    DescriptionCache descriptions = new DescriptionCache(5);
    CountDownLatch waiting = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<?> first =
        threads.submit(
            () ->
                descriptions.take(
                    List.of("a"),
                    uris -> {
                      awaitQuietly(waiting);
                      throw new IOException("reset");
                    }));

    while (!descriptions.holds("a")) {
      Thread.onSpinWait();
    }

    Future<DescriptionCache.Described> second = threads.submit(() -> take(descriptions, "a"));
    waiting.countDown();
    assertThatThrownBy(first::get).hasMessageContaining("reset");
    assertThat(second.get().description()).isNotNull();
    threads.shutdown();
  }

  @Test
  void manyTasksMakeEachOnceWhileItIsKept() throws Exception {
    DescriptionCache descriptions = new DescriptionCache(80);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> tasks = new ArrayList<>();

    for (int t = 0; t < 6; t++) {
      Random random = new Random(t);
      tasks.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 500; i++) {
                  String uri = String.valueOf(random.nextInt(40));
                  assertThat(take(descriptions, uri).description()).isNotNull();
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

  private DescriptionCache.Described take(DescriptionCache descriptions, String uri)
      throws IOException {
    return descriptions.take(List.of(uri), this::make).get(uri);
  }

  private List<DescriptionCache.Described> make(List<String> uris) {
    return uris.stream().map(this::make).toList();
  }

  private DescriptionCache.Described make(String uri) {
    made.computeIfAbsent(uri, name -> new AtomicInteger()).incrementAndGet();
    open.add(uri);
    return new DescriptionCache.Described(() -> open.remove(uri), uri.length(), 1, null);
  }
}

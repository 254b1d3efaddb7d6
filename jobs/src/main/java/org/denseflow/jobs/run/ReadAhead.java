package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Reads and decodes images that a task needs next, while it computes. */
public final class ReadAhead implements AutoCloseable {
  private final ImageLoader loader;
  private final int ahead;
  private final Predicate<String> known;
  private final Iterator<String> next;
  private final Map<String, CompletableFuture<ImageLoader.Loaded>> pending = new LinkedHashMap<>();
  private final ExecutorService threads;

  /**
   * Begins with nothing read.
   *
   * @param ahead images read ahead, each by a thread of its own; 0 reads an image when it is asked
   *     for
   * @param uris in the order in which they will be asked for, each once; some may be left out
   * @param known those that will not be asked for, as far as one can tell now
   */
  public ReadAhead(ImageLoader loader, int ahead, Iterable<String> uris, Predicate<String> known) {
    this.loader = loader;
    this.ahead = ahead;
    this.known = known;
    this.next = uris.iterator();
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, ahead),
            work -> {
              Thread thread = new Thread(work, "read-ahead");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Either an image or a failure.
   *
   * @throws IOException if the storage fails
   */
  public ImageLoader.Loaded load(String uri) throws IOException {
    forget(uri);
    CompletableFuture<ImageLoader.Loaded> own = pending.remove(uri);

    while (pending.size() < ahead && next.hasNext()) {
      String other = next.next();

      if (!other.equals(uri) && !known.test(other)) {
        pending.put(other, CompletableFuture.supplyAsync(() -> read(other), threads));
      }
    }

    try {
      return own == null ? loader.load(uri) : own.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException storage) {
        throw storage.getCause();
      }

      throw e;
    }
  }

  /** Those before it in order were not asked for. */
  private void forget(String uri) {
    if (pending.containsKey(uri)) {
      Iterator<String> before = pending.keySet().iterator();

      while (!before.next().equals(uri)) {
        before.remove();
      }
    }
  }

  private ImageLoader.Loaded read(String uri) {
    try {
      return loader.load(uri);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The descriptions of images that this process made for one run, shared by its tasks. The most
 * recent ones are kept for the tasks that follow; those in use are never freed. Those of a run are
 * freed when it ends, or another starts.
 */
final class DescriptionCache {
  private static final Map<String, DescriptionCache> RUNS = new ConcurrentHashMap<>();

  /**
   * Either a description or a failure.
   *
   * @param bytes of memory that the description takes
   * @param orientation the image file's EXIF tag, 1 where there is none, 0 with a failure
   */
  record Described(AutoCloseable description, long bytes, int orientation, ImageFailure failure) {}

  /** Describes images, or says why one cannot be. */
  @FunctionalInterface
  interface Describer {
    /** Describes some; the result has their order. */
    List<Described> describe(List<String> uris) throws IOException;
  }

  private static final class Entry {
    private final CompletableFuture<Described> described = new CompletableFuture<>();
    private int users;
  }

  private final long kept;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * Keeps nothing yet.
   *
   * @param kept bytes of descriptions, those in use counted in
   */
  DescriptionCache(long kept) {
    this.kept = kept;
  }

  /** Those of an execution of a run. */
  static DescriptionCache of(String run, long kept) {
    RUNS.entrySet().removeIf(other -> !other.getKey().equals(run) && other.getValue().emptied());
    return RUNS.computeIfAbsent(run, id -> new DescriptionCache(kept));
  }

  /** Frees those that no task uses. */
  static void clear() {
    RUNS.values().removeIf(DescriptionCache::emptied);
  }

  /** Whether an image is described, or being described by another task. */
  synchronized boolean holds(String uri) {
    return entries.containsKey(uri);
  }

  /**
   * The descriptions of images; those that are missing are made together, those that another task
   * is making are waited for after that. {@link #giveBack} must follow for each.
   *
   * @param uris distinct
   * @throws IOException if the describer does; nothing is taken then
   */
  Map<String, Described> take(List<String> uris, Describer describer) throws IOException {
    Map<String, Entry> known = new LinkedHashMap<>();
    Map<String, Entry> own = new LinkedHashMap<>();

    synchronized (this) {
      for (String uri : uris) {
        Entry entry = entries.get(uri);

        if (entry == null) {
          entry = new Entry();
          entries.put(uri, entry);
          own.put(uri, entry);
        }

        entry.users++;
        known.put(uri, entry);
      }
    }

    Map<String, Described> taken = new LinkedHashMap<>();

    try {
      make(own, describer);

      for (Map.Entry<String, Entry> entry : known.entrySet()) {
        Described described = entry.getValue().described.join();
        taken.put(
            entry.getKey(),
            described == null
                ? take(List.of(entry.getKey()), describer).get(entry.getKey())
                : described);
      }
    } catch (IOException | RuntimeException | Error e) {
      giveBack(known, taken);
      throw e;
    }

    free(kept);
    return taken;
  }

  /** Null for those who wait, who then try themselves, if they cannot be made. */
  private void make(Map<String, Entry> own, Describer describer) throws IOException {
    if (own.isEmpty()) {
      return;
    }

    Iterator<Described> made = Collections.emptyIterator();

    try {
      made = describer.describe(List.copyOf(own.keySet())).iterator();
    } finally {
      if (!made.hasNext()) {
        synchronized (this) {
          entries.keySet().removeAll(own.keySet());
        }
      }

      for (Entry entry : own.values()) {
        Described described = made.hasNext() ? made.next() : null;
        add(described == null ? 0 : described.bytes());
        entry.described.complete(described);
      }
    }
  }

  private synchronized void add(long described) {
    bytes += described;
  }

  /** Those that were taken, and those that were only waited for. */
  private void giveBack(Map<String, Entry> known, Map<String, Described> taken) {
    taken.keySet().forEach(this::giveBack);

    synchronized (this) {
      known.forEach(
          (uri, entry) -> {
            if (!taken.containsKey(uri) && entries.get(uri) == entry) {
              entry.users--;
            }
          });
    }
  }

  /** Says that a description that was taken is no longer used. */
  void giveBack(String uri) {
    synchronized (this) {
      entries.get(uri).users--;
    }

    free(kept);
  }

  /** Frees all that is not in use; whether nothing is left. */
  private synchronized boolean emptied() {
    free(0);
    return entries.isEmpty();
  }

  /** Frees what is not in use, the least recent first, until {@code left} bytes are left. */
  private synchronized void free(long left) {
    Iterator<Entry> oldest = entries.values().iterator();

    while (bytes > left && oldest.hasNext()) {
      Entry entry = oldest.next();

      if (entry.users == 0) {
        oldest.remove();
        Described described = entry.described.join();
        bytes -= described.bytes();

        if (described.description() != null) {
          WorkerPool.close(described.description());
        }
      }
    }
  }
}

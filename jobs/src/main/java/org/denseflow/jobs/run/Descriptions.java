package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process described of images for one run, shared by its tasks. The most recent ones are
 * kept for the tasks that follow; those in use are never freed. Those of another run are freed when
 * a new run starts.
 */
final class Descriptions {
  private static final Map<Long, Descriptions> RUNS = new ConcurrentHashMap<>();

  /**
   * Either a description or a failure.
   *
   * @param orientation the image file's EXIF tag, 1 where there is none, 0 with a failure
   */
  record Described(AutoCloseable description, int orientation, ImageFailure failure) {}

  /** Describes an image, or says why it cannot be. */
  @FunctionalInterface
  interface Describer {
    /** Describes one. */
    Described describe(String uri) throws IOException;
  }

  private static final class Entry {
    private final CompletableFuture<Described> described = new CompletableFuture<>();
    private int users;
  }

  private final int kept;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  Descriptions(int kept) {
    this.kept = kept;
  }

  /** Those of a run. */
  static Descriptions of(long run, int kept) {
    RUNS.entrySet().removeIf(other -> other.getKey() != run && other.getValue().emptied());
    return RUNS.computeIfAbsent(run, number -> new Descriptions(kept));
  }

  /** Whether an image is described, or being described by another task. */
  synchronized boolean holds(String uri) {
    return entries.containsKey(uri);
  }

  /**
   * The description of an image, made if need be; if another task is making it, waits for that one.
   * {@link #giveBack} must follow.
   *
   * @throws IOException if the describer does
   */
  Described take(String uri, Describer describer) throws IOException {
    while (true) {
      Entry entry;
      boolean own;

      synchronized (this) {
        entry = entries.get(uri);
        own = entry == null;

        if (own) {
          entry = new Entry();
          entries.put(uri, entry);
        }

        entry.users++;
      }

      Described described = own ? make(uri, entry, describer) : entry.described.join();

      if (described != null) {
        free(kept);
        return described;
      }
    }
  }

  /** Null for those who wait, who then try themselves, if it cannot be made. */
  private Described make(String uri, Entry entry, Describer describer) throws IOException {
    Described described = null;

    try {
      described = describer.describe(uri);
      return described;
    } finally {
      if (described == null) {
        synchronized (this) {
          entries.remove(uri);
        }
      }

      entry.described.complete(described);
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

  /** Frees what is not in use, the least recent first, until so many are left. */
  private synchronized void free(int left) {
    Iterator<Entry> oldest = entries.values().iterator();

    while (entries.size() > left && oldest.hasNext()) {
      Entry entry = oldest.next();

      if (entry.users == 0) {
        oldest.remove();
        AutoCloseable description = entry.described.join().description();

        if (description != null) {
          WorkerPool.close(description);
        }
      }
    }
  }
}

package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.plan.ListSummary;

/**
 * Checks that the images of a list are there before anything is computed: all of a small list, a
 * sample of a large one.
 *
 * @param things what needs the images, in the plural
 * @param allowed share of things that may fail
 */
public record ImageCheck(String things, double allowed) {
  /** A list that needs more files is sampled. */
  static final int MOST_FILES = 5000;

  /** Of such a list, that many things are looked at, evenly spread. */
  static final int SAMPLE = ListSummary.SAMPLE;

  private static final int SHOWN = 5;
  private static final int THREADS = 16;

  /** Standard deviations by which a share may be larger in a sample than in the list. */
  private static final double DEVIATIONS = 3;

  /**
   * Checks the images, and tells how many files were looked at.
   *
   * @param needed the files that each thing needs, of all or of some
   * @param all how many things there are
   * @throws UsageException if more things must fail than may
   */
  public void require(List<List<String>> needed, long all, FileStore files, PrintStream log) {
    List<List<String>> some = sample(needed);
    Set<String> uris = new TreeSet<>();
    some.forEach(uris::addAll);
    Set<String> missing = missing(uris, files);
    long failing = some.stream().filter(own -> own.stream().anyMatch(missing::contains)).count();
    log.printf(
        "images: looked at %d files of %d of %d %s, %d missing%n",
        uris.size(), some.size(), all, things, missing.size());
    double most = allowed * some.size();

    if (some.size() < all) {
      most += DEVIATIONS * Math.sqrt(Math.max(most, 1));
    }

    if (failing > most) {
      throw new UsageException(message(missing, failing, some.size()));
    }

    missing.stream().limit(SHOWN).forEach(uri -> log.println("  missing: " + uri));
  }

  private String message(Set<String> missing, long failing, int looked) {
    StringBuilder text = new StringBuilder();
    text.append(
        looked == 1
            ? "Cannot begin: there is no such file:%n".formatted()
            : "Cannot begin: %d of the %d %s looked at would fail, since these files are missing:%n"
                .formatted(failing, looked, things));
    missing.stream().limit(SHOWN).forEach(uri -> text.append("  ").append(uri).append('\n'));

    if (missing.size() > SHOWN) {
      text.append("  and %d more%n".formatted(missing.size() - SHOWN));
    }

    return text.append(
            looked == 1
                ? "Give the path of an image"
                : "Put them there, or compute the others with --max-failed-fraction "
                    + FailureReport.enough(failing, looked))
        .toString();
  }

  private static List<List<String>> sample(List<List<String>> needed) {
    if (needed.size() <= SAMPLE || isSmall(needed)) {
      return needed;
    }

    List<List<String>> some = new ArrayList<>(SAMPLE);

    for (int i = 0; i < SAMPLE; i++) {
      some.add(needed.get((int) ((long) i * needed.size() / SAMPLE)));
    }

    return some;
  }

  private static boolean isSmall(List<List<String>> needed) {
    Set<String> files = new HashSet<>();
    return needed.stream()
        .allMatch(
            own -> {
              files.addAll(own);
              return files.size() <= MOST_FILES;
            });
  }

  private static Set<String> missing(Set<String> uris, FileStore files) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    try {
      List<Future<String>> looks = new ArrayList<>();
      uris.forEach(uri -> looks.add(threads.submit(() -> exists(uri, files) ? null : uri)));
      Set<String> missing = new TreeSet<>();

      for (Future<String> look : looks) {
        String uri = look.get();

        if (uri != null) {
          missing.add(uri);
        }
      }

      return missing;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException own
          ? own
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while images were looked for", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean exists(String uri, FileStore files) {
    try {
      return files.exists(uri);
    } catch (DatasetException e) {
      return false;
    }
  }
}

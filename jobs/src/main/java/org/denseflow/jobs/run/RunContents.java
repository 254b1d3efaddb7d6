package org.denseflow.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.denseflow.jobs.UsageException;

/** The contents of an output directory: what jobs have written, and what they have not. */
final class RunContents {
  /** Before it is removed, nothing is; after it, a run is no more. */
  private static final List<String> LAST = List.of(RunDirectory.PLAN, RunDirectory.FINGERPRINT);

  private static final Set<String> FILES =
      Set.of(
          RunDirectory.MANIFEST,
          RunDirectory.FINGERPRINT,
          MatcherChoice.PROJECTION,
          "plan.json",
          "neighbours.key",
          "summary.json",
          "comparison.json",
          "report.json",
          "next.csv",
          "contact-sheet.png",
          "curves.png",
          "model.safetensors");

  /** Folders by name, and what one of their entries is called. */
  private static final Map<String, Predicate<String>> FOLDERS =
      Map.ofEntries(
          Map.entry(RunDirectory.PLAN, name -> name.startsWith("part-")),
          Map.entry("flows", RunContents::isChunk),
          Map.entry("warps", RunContents::isChunk),
          Map.entry("flo", RunContents::isChunk),
          Map.entry("png", RunContents::isChunk),
          Map.entry("strip", RunContents::isChunk),
          Map.entry("stylised", RunContents::isChunk),
          Map.entry("masks", RunContents::isChunk),
          Map.entry("images", RunContents::isChunk),
          Map.entry("pairs", RunContents::isChunk),
          Map.entry("fields", RunContents::isChunk),
          Map.entry("features", RunContents::isChunk),
          Map.entry("neighbours", RunContents::isChunk),
          Map.entry("curves", RunContents::isChunk),
          Map.entry("checkpoints", name -> name.startsWith("step-")),
          Map.entry(
              "report", Set.of("index.html", "wheel.png", "data", "images", "pairs")::contains));

  /** Folders of files that no run is made of, the second in runs of before. */
  private static final Set<String> WORK = Set.of(Commit.ATTEMPTS, "_staged");

  private final FileSystem files;
  private final Path root;
  private final List<FileStatus> entries;

  private RunContents(FileSystem files, Path root, List<FileStatus> entries) {
    this.files = files;
    this.root = root;
    this.entries = entries;
  }

  /** Looks at a directory; claims are not counted in. */
  static RunContents of(FileSystem files, Path root) throws IOException {
    try {
      List<FileStatus> entries =
          Arrays.stream(files.listStatus(root))
              .filter(entry -> !isClaim(entry.getPath().getName()))
              .sorted(Comparator.comparing(FileStatus::getPath))
              .toList();
      return new RunContents(files, root, entries);
    } catch (FileNotFoundException e) {
      return new RunContents(files, root, List.of());
    }
  }

  private static boolean isClaim(String name) {
    return name.equals(RunLease.FOLDER) || name.startsWith(RunDirectory.PROBE);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether nothing but a plan lies there, which may be cut off. */
  boolean isPlanOnly() {
    return entries.stream()
        .map(entry -> entry.getPath().getName())
        .allMatch(name -> name.equals(RunDirectory.PLAN) || WORK.contains(name));
  }

  /** The names, for people. */
  String names() {
    return String.join(
        ", ",
        entries.stream()
            .map(entry -> entry.getPath().getName() + (entry.isDirectory() ? "/" : ""))
            .toList());
  }

  /**
   * Checks that jobs wrote all of it.
   *
   * @throws UsageException that names what they did not
   */
  void requireRun() throws IOException {
    List<String> strange = new ArrayList<>();

    if (!isEmpty() && !files.exists(new Path(root, RunLease.FOLDER)) && !hasRun()) {
      throw new UsageException(
          "Cannot overwrite %s: no run was begun there, and it is not empty; use another --out"
              .formatted(root));
    }

    for (FileStatus entry : entries) {
      if (!isOurs(entry)) {
        strange.add(entry.getPath().getName());
      }
    }

    if (!strange.isEmpty()) {
      throw new UsageException(
          "Cannot overwrite %s: it holds files that no run has written: %s; move them away, or use another --out"
              .formatted(root, String.join(", ", strange)));
    }
  }

  /**
   * Removes all; if it is interrupted, what remains is still taken for a run.
   *
   * @param claim looked at before each
   */
  void remove(Runnable claim) throws IOException {
    List<String> names = new ArrayList<>();
    entries.forEach(entry -> names.add(entry.getPath().getName()));
    names.removeAll(LAST);
    names.addAll(LAST);

    for (String name : names) {
      claim.run();
      files.delete(new Path(root, name), true);
    }
  }

  private boolean hasRun() throws IOException {
    return files.exists(new Path(root, RunDirectory.FINGERPRINT))
        || files.exists(new Path(root, RunDirectory.MANIFEST));
  }

  private boolean isOurs(FileStatus entry) throws IOException {
    String name = entry.getPath().getName();

    if (!entry.isDirectory()) {
      return FILES.contains(name)
          || name.matches("append-[0-9]+\\.json")
          || name.endsWith(".unfinished")
          || name.endsWith(".part");
    }

    if (WORK.contains(name)) {
      return true;
    }

    Predicate<String> known = FOLDERS.get(name);
    return known != null
        && Arrays.stream(files.listStatus(entry.getPath()))
            .map(status -> status.getPath().getName())
            .allMatch(child -> known.test(child) || isHidden(child));
  }

  private static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }

  private static boolean isChunk(String name) {
    return name.matches("chunk=[0-9]+");
  }
}

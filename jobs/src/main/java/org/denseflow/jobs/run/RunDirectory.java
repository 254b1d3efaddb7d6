package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.apache.spark.SparkContext;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.plan.RunPlan;
import org.denseflow.schemas.RunManifest;

/**
 * A run's output directory: where things lie, what is committed, and the files written once. Who
 * has begun a run in it closes it, so that another driver may continue; readers need not.
 */
public final class RunDirectory implements AutoCloseable {
  /** The file that a finished run leaves. */
  static final String MANIFEST = "run.json";

  /** The file that a run leaves once its plan is complete. */
  static final String FINGERPRINT = "plan.fingerprint";

  /** The table that says which pair is computed where. */
  static final String PLAN = "plan";

  /** How the name of a file begins that is written to see whether it can be. */
  static final String PROBE = "_probe-";

  private final Path root;
  private final RunFiles files;
  private RunLease lease;

  /** Opens a directory; it need not exist yet. */
  public RunDirectory(String uri, Configuration configuration) {
    try {
      Path path = HadoopFileStore.path(uri);
      FileSystem storage = path.getFileSystem(configuration);
      this.root = storage.makeQualified(path);
      this.files = new RunFiles(storage, root);
    } catch (UnsupportedFileSystemException | UnknownStoreException e) {
      throw new UsageException("Cannot open %s: %s".formatted(uri, e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + uri, e);
    }
  }

  /** The directory's URI. */
  public String uri() {
    return root.toString();
  }

  /** A chunk of a table. */
  public Chunk chunk(String table, int chunk) {
    return new Chunk(this, files, files.path("%s/chunk=%05d".formatted(table, chunk)));
  }

  /** The URI of a table. */
  public String table(String name) {
    return new Path(root, name).toString();
  }

  /** The size of a table's files together. */
  public long bytes(String table) {
    try {
      return files.storage().getContentSummary(new Path(root, table)).getLength();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + table(table), e);
    }
  }

  /**
   * The generation of each committed chunk of a table, from one listing. Files that will never
   * count are removed, so that each row is there once.
   */
  public Map<Integer, Integer> generations(String table) {
    return generations(table, Chunk::clean);
  }

  /**
   * As {@link #generations}, of a table that is not derived, before this driver writes to it: rows
   * that one before has written, and not published, will not take the place of others any more.
   */
  public Map<Integer, Integer> takeOver(String table) {
    return generations(table, Chunk::takeOver);
  }

  private Map<Integer, Integer> generations(
      String table, ToIntBiFunction<Chunk, ChunkFiles> settle) {
    Map<Integer, Integer> generations = new ConcurrentSkipListMap<>();
    files
        .chunks(files.path(table))
        .forEach(
            (number, names) -> {
              int generation = settle.applyAsInt(chunk(table, number), ChunkFiles.of(names));

              if (generation != ChunkFiles.NONE) {
                generations.put(number, generation);
              }
            });
    return generations;
  }

  /** Removes what drivers that are gone have left, before a run is finished. */
  public void settle(List<String> tables) {
    tables.forEach(this::generations);
    Path attempts = files.path(Commit.ATTEMPTS);
    List<String> left = files.names(attempts);
    checkClaim();
    left.forEach(name -> files.delete(new Path(attempts, name)));
    files.deleteEmpty(attempts);
  }

  /** Whether a table that is not cut into chunks was committed. */
  public boolean committedTable(String name) {
    return has(name + "/" + ChunkFiles.marker(0));
  }

  /** Whether a file or table of this name lies in the directory. */
  public boolean has(String name) {
    return files.exists(files.path(name));
  }

  /**
   * Writes an attempt's files.
   *
   * @throws IllegalStateException if they are gone since another driver has taken over
   */
  <T> T attempt(Supplier<T> write) {
    try {
      return write.get();
    } catch (Throwable e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof FileNotFoundException) {
          checkClaim();
        }
      }

      throw e;
    }
  }

  /**
   * Writes the plan of a run, into a folder of this attempt's own, and marks it as written, which
   * one driver does.
   *
   * @param write writes it to a URI
   */
  RunPlan begin(RunIdentity identity, Function<String, RunPlan> write) {
    return begin(FINGERPRINT, own -> identity.text() + own + "\n", write);
  }

  /** As {@link #begin}, of pairs that are appended to the run. */
  RunPlan append(Append append, Function<String, RunPlan> write) {
    return begin(Append.file(appends().size() + 1), own -> append.in(own).toJson(), write);
  }

  private RunPlan begin(String mark, UnaryOperator<String> text, Function<String, RunPlan> write) {
    checkClaim();
    String own = "part-" + UUID.randomUUID();
    Path folder = files.path(PLAN);

    try {
      RunPlan plan = attempt(() -> write.apply(table(PLAN + "/" + own)));
      write(mark, text.apply(own));
      Set<String> parts = Set.copyOf(parts());
      List<String> found = files.names(folder);
      checkClaim();
      found.stream()
          .filter(name -> !parts.contains(name))
          .forEach(name -> files.delete(new Path(folder, name)));
      return plan;
    } catch (UsageException | IllegalStateException e) {
      if (!parts().contains(own)) {
        files.delete(new Path(folder, own));
      }

      throw e;
    }
  }

  /** The URIs of the plan that was marked as written, and of those of appended pairs. */
  List<String> planUris() {
    return parts().stream().map(part -> table(PLAN + "/" + part)).toList();
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    read(FINGERPRINT)
        .map(String::strip)
        .ifPresent(text -> parts.add(text.replaceAll("(?s).*\n", "")));
    appends().forEach(append -> parts.add(append.part()));
    return parts;
  }

  /** What was appended to the run, in order. */
  List<Append> appends() {
    List<Append> appends = new ArrayList<>();
    Optional<Append> next = Optional.empty();

    do {
      next.ifPresent(appends::add);
      next = read(Append.file(appends.size() + 1)).map(Append::parse);
    } while (next.isPresent());

    return appends;
  }

  /** The identity of the run that was begun here, with what was appended, if there is one. */
  Optional<RunIdentity> begun() {
    List<Append> appends = appends();
    return appends.isEmpty()
        ? read(FINGERPRINT).map(RunIdentity::parse)
        : Optional.of(appends.get(appends.size() - 1).identity());
  }

  /** Marks a run as begun that has no plan. */
  public void writeIdentity(RunIdentity identity) {
    write(FINGERPRINT, identity.text());
  }

  /**
   * Makes sure that files can be written here, by writing one and removing it.
   *
   * @throws UsageException if they cannot, for a reason that lies in the directory
   */
  public void requireWritable() {
    Path probe = new Path(root, PROBE + UUID.randomUUID());

    try {
      files.storage().create(probe, true).close();
      files.storage().delete(probe, false);
    } catch (IOException e) {
      boolean isFull = String.valueOf(e.getMessage()).contains("No space left");

      if (e instanceof UnknownStoreException
          || files.storage() instanceof LocalFileSystem && !isFull) {
        throw new UsageException(
            "Cannot write to %s: %s; use another --out".formatted(root, e.getMessage()));
      }

      throw new UncheckedIOException("Cannot write to " + root, e);
    }
  }

  /**
   * Claims the directory for this driver until it is closed. Another driver, if there was one, is
   * first seen to have ended.
   *
   * @param log told what is removed
   * @return whether a run that determines the same rows was begun here, and is to be continued
   * @throws UsageException if the directory cannot be written to, holds something else, is not
   *     empty and shall not be continued, or another driver is writing there
   */
  public boolean claim(RunIdentity identity, StartMode start, SparkContext spark, PrintStream log) {
    requireWritable();
    isBegun(identity, start);
    hold(RunLease.Driver.here(), RunLease.PATIENCE, () -> spark.cancelAllJobs());

    if (isBegun(identity, start)) {
      return true;
    }

    if (start == StartMode.OVERWRITE) {
      clear(log);
    }

    return false;
  }

  void hold(RunLease.Driver driver, Duration patience, Runnable onLoss) {
    lease = RunLease.take(this, driver, patience, onLoss);
  }

  /**
   * Makes sure that no other driver has taken over.
   *
   * @throws IllegalStateException if one has
   */
  public void checkClaim() {
    if (lease != null) {
      lease.check();
    }
  }

  /** As {@link #checkClaim}, without another look at a storage that may have failed. */
  void checkKnownClaim() {
    if (lease != null) {
      lease.checkKnown();
    }
  }

  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
  }

  private boolean isBegun(RunIdentity identity, StartMode start) {
    Optional<RunIdentity> begun = begun();

    if (start == StartMode.APPEND && begun.isPresent()) {
      identity.requireResults(begun.get(), uri());
      return true;
    }

    if (start.keeps() && begun.isPresent()) {
      identity.requireContinues(begun.get(), uri());
      return true;
    }

    requireRoom(start);
    return false;
  }

  private void requireRoom(StartMode start) {
    try {
      RunContents found = RunContents.of(files.storage(), root);

      switch (start) {
        case NEW -> {
          if (!found.isEmpty()) {
            throw new UsageException(
                "Cannot write to %s: it is not empty; pass --resume to continue, --overwrite to remove %s first, or another --out"
                    .formatted(root, found.names()));
          }
        }
        case RESUME, RETRY_FAILED -> {
          if (!found.isPlanOnly()) {
            throw new UsageException(
                "Cannot resume %s: it holds %s, but no run was begun there; use another --out"
                    .formatted(root, found.names()));
          }
        }
        case APPEND ->
            throw new UsageException(
                "Cannot append to %s: no run was begun there; leave --append out, or give the --out of a finished run"
                    .formatted(root));
        case OVERWRITE -> found.requireRun();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + root, e);
    }
  }

  private void clear(PrintStream log) {
    try {
      RunContents found = RunContents.of(files.storage(), root);

      if (!found.isEmpty()) {
        log.printf("overwrite: removing %s in %s%n", found.names(), root);
        found.remove(this::checkClaim);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + root, e);
    }
  }

  /** Takes back that a run is finished, so that its rows may be replaced. */
  public void reopen() {
    checkClaim();
    files.delete(files.path(MANIFEST));
  }

  /** The manifest of a finished run. */
  public Optional<RunManifest> manifest() {
    return read(MANIFEST).map(RunManifest::parse);
  }

  /**
   * Writes the manifest, once.
   *
   * @throws UsageException if another run wrote one first
   */
  public void writeManifest(RunManifest manifest) {
    write(MANIFEST, manifest.toJson());
  }

  /**
   * Writes a small file that does not exist yet, whole or not at all.
   *
   * @throws UsageException if it exists
   */
  public void write(String name, String text) {
    checkClaim();
    create(name, text);
  }

  /**
   * As {@link #write}, without a look at the claim, which the claim itself is made with.
   *
   * @throws UsageException if it exists
   */
  void create(String name, String text) {
    if (!files.create(files.path(name), text)) {
      checkClaim();
      throw new UsageException(
          "Cannot write %s: it exists; another run has used this output"
              .formatted(files.path(name)));
    }
  }

  /** Writes a file, replacing one of the same name. */
  public void replace(String name, byte[] bytes) {
    checkClaim();
    put(name, bytes);
  }

  /** The same without a look at the claim, which the claim itself is written with. */
  void put(String name, byte[] bytes) {
    files.put(files.path(name), bytes);
  }

  /** Writes rows as a JSON file, replacing one of the same name. */
  public void replaceJson(String name, Object rows) {
    try {
      String text =
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(rows);
      replace(name, (text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + name, e);
    }
  }

  /** The text of a small file, if it exists. */
  public Optional<String> read(String name) {
    return files.read(files.path(name));
  }
}

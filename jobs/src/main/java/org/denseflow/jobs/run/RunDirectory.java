package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.apache.spark.SparkContext;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
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

  /** How the name of a file begins that is written to see whether it can be. */
  static final String PROBE = "_probe-";

  /** The folder of chunks that are to replace others. */
  static final String STAGED = "_staged";

  private static final String CONDITIONAL_CREATE = "fs.option.create.conditional.overwrite";

  private final Path root;
  private final FileSystem files;
  private RunLease lease;

  /** Opens a directory; it need not exist yet. */
  public RunDirectory(String uri, Configuration configuration) {
    try {
      Path path = HadoopFileStore.path(uri);
      this.files = path.getFileSystem(configuration);
      this.root = files.makeQualified(path);
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

  /** The URI of a chunk of a table. */
  public String chunk(String table, int chunk) {
    return new Path(root, "%s/chunk=%05d".formatted(table, chunk)).toString();
  }

  /** The URI of a table. */
  public String table(String name) {
    return new Path(root, name).toString();
  }

  /** The size of a table's files together. */
  public long bytes(String table) {
    try {
      return files.getContentSummary(new Path(root, table)).getLength();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + table(table), e);
    }
  }

  /** Whether a chunk of a table was committed. */
  public boolean committed(String table, int chunk) {
    return exists(new Path(chunk(table, chunk), "_SUCCESS"));
  }

  /** Whether a table that is not cut into chunks was committed. */
  public boolean committedTable(String name) {
    return exists(new Path(table(name), "_SUCCESS"));
  }

  /** Whether a file or table of this name lies in the directory. */
  public boolean has(String name) {
    return exists(new Path(root, name));
  }

  /** Marks the plan as written: it is complete once this file exists. */
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
      files.create(probe, true).close();
      files.delete(probe, false);
    } catch (IOException e) {
      boolean isFull = String.valueOf(e.getMessage()).contains("No space left");

      if (e instanceof UnknownStoreException || files instanceof LocalFileSystem && !isFull) {
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
    lease =
        RunLease.take(this, RunLease.Driver.here(), RunLease.PATIENCE, () -> spark.cancelAllJobs());

    if (isBegun(identity, start)) {
      return true;
    }

    if (start == StartMode.OVERWRITE) {
      clear(log);
    }

    return false;
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
    Optional<RunIdentity> begun = read(FINGERPRINT).map(RunIdentity::parse);

    if (start.keeps() && begun.isPresent()) {
      identity.requireContinues(begun.get(), uri());
      return true;
    }

    requireRoom(start);
    return false;
  }

  private void requireRoom(StartMode start) {
    try {
      RunContents found = RunContents.of(files, root);

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
        case OVERWRITE -> found.requireRun();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + root, e);
    }
  }

  private void clear(PrintStream log) {
    try {
      RunContents found = RunContents.of(files, root);

      if (!found.isEmpty()) {
        log.printf("overwrite: removing %s in %s%n", found.names(), root);
        found.remove();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + root, e);
    }
  }

  /** Takes back that a run is finished, so that its rows may be replaced. */
  public void reopen() {
    checkClaim();
    delete(new Path(root, MANIFEST));
  }

  /** The URI where rows wait that are to replace those of a chunk. */
  String staged(String table, int chunk) {
    return new Path(root, "%s/%s/chunk=%05d".formatted(STAGED, table, chunk)).toString();
  }

  /** Removes what waited to replace rows. */
  public void removeStaged() {
    delete(new Path(root, STAGED));
  }

  /** Removes a chunk of a table. */
  public void removeChunk(String table, int chunk) {
    checkClaim();
    delete(new Path(chunk(table, chunk)));
  }

  /** The tables that have a chunk of this number. */
  List<String> tablesWith(int chunk) {
    try {
      List<String> tables = new ArrayList<>();

      for (FileStatus entry : files.listStatus(root)) {
        String name = entry.getPath().getName();

        if (entry.isDirectory() && !name.startsWith("_") && exists(new Path(chunk(name, chunk)))) {
          tables.add(name);
        }
      }

      return tables;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + root, e);
    }
  }

  private void delete(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + path, e);
    }
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
    Path path = new Path(root, name);

    if (conditional(path)) {
      create(name, text);
      return;
    }

    Path unfinished = new Path(path.getParent(), "." + path.getName() + ".unfinished");
    put(unfinished, text.getBytes(StandardCharsets.UTF_8));

    try {
      if (exists(path) || !files.rename(unfinished, path)) {
        throw taken(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  /**
   * Creates a small file, as the only one to do so; cut off, it may be incomplete.
   *
   * @throws UsageException if it exists
   */
  void create(String name, String text) {
    Path path = new Path(root, name);
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path).recursive();
    builder =
        conditional(path)
            ? builder.overwrite(true).must(CONDITIONAL_CREATE, true)
            : builder.overwrite(false);

    try (FSDataOutputStream out = builder.build()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      throw taken(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  private boolean conditional(Path path) {
    try {
      return files.hasPathCapability(path, CONDITIONAL_CREATE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + path, e);
    }
  }

  private static UsageException taken(Path path) {
    return new UsageException(
        "Cannot write %s: it exists; another run has used this output".formatted(path));
  }

  /** Writes a file, replacing one of the same name. */
  public void replace(String name, byte[] bytes) {
    checkClaim();
    put(name, bytes);
  }

  /** The same without a look at the claim, which the claim itself is written with. */
  void put(String name, byte[] bytes) {
    put(new Path(root, name), bytes);
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

  private void put(Path path, byte[] bytes) {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  /** Marks a chunk of plain files as committed. */
  public void markCommitted(String table, int chunk) {
    checkClaim();
    put(new Path(chunk(table, chunk), "_SUCCESS"), new byte[0]);
  }

  /** The text of a small file, if it exists. */
  public Optional<String> read(String name) {
    Path path = new Path(root, name);

    try (FSDataInputStream in = files.open(path)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  private boolean exists(Path path) {
    try {
      return files.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + path, e);
    }
  }

  /** The chunks of a table that are committed, of those numbered below {@code chunks}. */
  public List<Integer> committedChunks(String table, int chunks) {
    return java.util.stream.IntStream.range(0, chunks)
        .filter(chunk -> committed(table, chunk))
        .boxed()
        .toList();
  }
}

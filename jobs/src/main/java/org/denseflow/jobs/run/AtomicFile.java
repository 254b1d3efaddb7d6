package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes files atomically: a file is there whole or not at all. */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it to this path. */
    void write(Path path) throws IOException;
  }

  /**
   * Writes beside a file, under a name of its own, then takes its place. Cut off in between, there
   * may be no file of that name, but none that is not whole.
   */
  public static void replace(FileSystem files, Path path, Content content) {
    String name = "_%s.%s.part".formatted(path.getName(), UUID.randomUUID());
    Path part = new Path(path.getParent(), name);

    try {
      try {
        content.write(part);
        files.delete(path, false);

        if (!files.rename(part, path)) {
          throw new IOException("cannot rename " + part);
        }
      } finally {
        files.delete(part, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }
}

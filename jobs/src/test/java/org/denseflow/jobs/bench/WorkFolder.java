package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what a bench makes; closing it deletes it. */
final class WorkFolder implements AutoCloseable {
  private final Path path;

  /** Makes one where the JVM keeps temporary files: its disk is what is measured. */
  WorkFolder() {
    try {
      this.path = Files.createTempDirectory("denseflow-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder", e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try (Stream<Path> walk = Files.walk(path)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();

      for (Path each : deepestFirst) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + path, e);
    }
  }
}

package org.denseflow.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/** Weight files on this machine: local ones where they are, others copied once per process. */
public final class WeightFiles {
  private static final Map<String, java.nio.file.Path> COPIES = new ConcurrentHashMap<>();

  private WeightFiles() {}

  /** The local path of a weight file; empty for an empty URI. */
  public static Optional<java.nio.file.Path> local(String uri, Configuration configuration) {
    if (uri.isEmpty()) {
      return Optional.empty();
    }

    return Optional.of(COPIES.computeIfAbsent(uri, key -> fetch(key, configuration)));
  }

  private static java.nio.file.Path fetch(String uri, Configuration configuration) {
    try {
      Path path = HadoopFileStore.path(uri);
      FileSystem files = path.getFileSystem(configuration);

      if (files instanceof LocalFileSystem) {
        return java.nio.file.Path.of(path.toUri().getPath());
      }

      java.nio.file.Path copy = Files.createTempFile("denseflow-weights-", "-" + path.getName());
      copy.toFile().deleteOnExit();

      try (InputStream in = files.open(path)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }

      return copy;
    } catch (FileNotFoundException e) {
      throw new UsageException("Cannot read weights " + uri + ": no such file");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read weights " + uri, e);
    }
  }
}

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
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.weights.WeightFile;

/**
 * Weight files on this machine: local ones where they are, others copied once per process, the
 * shards of an index with it.
 */
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

      java.nio.file.Path folder = Files.createTempDirectory("denseflow-weights-");
      folder.toFile().deleteOnExit();
      java.nio.file.Path copy = copy(files, path, folder);

      for (String shard : WeightFile.shards(copy)) {
        copy(files, new Path(path.getParent(), new Path(null, null, shard)), folder);
      }

      return copy;
    } catch (UnsupportedFileSystemException | UnknownStoreException e) {
      throw new UsageException("Cannot read weights " + uri + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read weights " + uri, e);
    }
  }

  private static java.nio.file.Path copy(FileSystem files, Path path, java.nio.file.Path folder)
      throws IOException {
    java.nio.file.Path copy = folder.resolve(path.getName());
    copy.toFile().deleteOnExit();

    try (InputStream in = files.open(path)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileNotFoundException e) {
      throw new UsageException("Cannot read weights " + path + ": no such file");
    }

    return copy;
  }
}

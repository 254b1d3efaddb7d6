package org.denseflow.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/**
 * The files below a run's root on any storage, among them small ones that one driver alone creates.
 */
record RunFiles(FileSystem storage, Path root) {
  private static final String CONDITIONAL_CREATE = "fs.option.create.conditional.overwrite";
  private static final Pattern CHUNK = Pattern.compile("chunk=([0-9]{1,9})");

  Path path(String name) {
    return new Path(root, name);
  }

  /** Whether files appear under their own names once they are whole, and cannot be renamed. */
  boolean isObjectStore() {
    return "s3a".equals(root.toUri().getScheme());
  }

  boolean exists(Path path) {
    try {
      return storage.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + path, e);
    }
  }

  /** The text of a small file, if it exists. */
  Optional<String> read(Path path) {
    try (FSDataInputStream in = storage.open(path)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** Writes a file, replacing one of the same name. */
  void put(Path path, byte[] bytes) {
    try (FSDataOutputStream out = storage.create(path, true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  /**
   * Creates a small file, whole or not at all.
   *
   * @return whether it did; of several that create the same file, one does
   */
  boolean create(Path path, String text) {
    try {
      if (storage.hasPathCapability(path, CONDITIONAL_CREATE)) {
        FSDataOutputStreamBuilder<?, ?> builder = storage.createFile(path).recursive();

        try (FSDataOutputStream out =
            builder.overwrite(true).must(CONDITIONAL_CREATE, true).build()) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        return true;
      }

      Path unfinished =
          new Path(
              path.getParent(), ".%s.%s.unfinished".formatted(path.getName(), UUID.randomUUID()));

      try {
        put(unfinished, text.getBytes(StandardCharsets.UTF_8));
        return place(unfinished, path);
      } finally {
        storage.delete(unfinished, false);
      }
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException | RemoteFileChangedException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  /** Gives a file its name unless one has it: a local rename would replace that one. */
  private boolean place(Path unfinished, Path path) throws IOException {
    if (storage.exists(path)) {
      return false;
    }

    if (storage instanceof LocalFileSystem local) {
      try {
        Files.deleteIfExists(local.pathToFile(local.getChecksumFile(path)).toPath());
        Files.createLink(local.pathToFile(path).toPath(), local.pathToFile(unfinished).toPath());
        return true;
      } catch (java.nio.file.FileAlreadyExistsException e) {
        return false;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // A disk without links.
      }
    }

    return storage.rename(unfinished, path);
  }

  void delete(Path path) {
    try {
      storage.delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + path, e);
    }
  }

  /** Removes a folder if nothing lies in it. */
  void deleteEmpty(Path folder) {
    try {
      storage.delete(folder, false);
    } catch (IOException e) {
      // Something does.
    }
  }

  /** Moves a file to a name that no other has. */
  void move(Path from, Path to) {
    try {
      storage.mkdirs(to.getParent());

      if (!storage.rename(from, to)) {
        throw new IOException("cannot rename " + from);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + to, e);
    }
  }

  /** The names in a folder; none if there is no such folder. */
  List<String> names(Path folder) {
    return statuses(folder).stream().map(status -> status.getPath().getName()).toList();
  }

  /** What lies in a folder; nothing if there is no such folder. */
  List<FileStatus> statuses(Path folder) {
    try {
      return List.of(storage.listStatus(folder));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  /** The names of the files of each chunk of a table, from one listing. */
  Map<Integer, List<String>> chunks(Path table) {
    Map<Integer, List<String>> chunks = new TreeMap<>();

    try {
      RemoteIterator<LocatedFileStatus> found = storage.listFiles(table, true);

      while (found.hasNext()) {
        Path path = found.next().getPath();
        Matcher folder = CHUNK.matcher(path.getParent().getName());

        if (folder.matches()) {
          chunks
              .computeIfAbsent(Integer.valueOf(folder.group(1)), chunk -> new ArrayList<>())
              .add(path.getName());
        }
      }

      return chunks;
    } catch (FileNotFoundException e) {
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + table, e);
    }
  }

  /** Ends uploads to a folder of an object store that were begun and not completed. */
  void abortUploads(Path folder) {
    if (!isObjectStore()) {
      return;
    }

    try (var uploader = storage.createMultipartUploader(folder).build()) {
      uploader.abortUploadsUnderPath(folder).get();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end uploads to " + folder, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot end uploads to " + folder, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while uploads to %s were ended".formatted(folder), e);
    }
  }
}

package org.denseflow.jobs.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * Files through Hadoop's file systems: local paths, {@code file:}, {@code s3a:}, {@code hdfs:}. The
 * configuration is a task's or the driver's own; this class is cheap to make and not serialisable.
 */
public final class HadoopFileStore implements FileStore {

  private final Configuration configuration;

  /** With the settings (credentials, endpoints) of this configuration. */
  public HadoopFileStore(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public byte[] read(String uri) {
    Path path = path(uri);

    try {
      FileSystem files = fileSystem(path, configuration);
      FileStatus status = files.getFileStatus(path);

      if (status.isDirectory()) {
        throw new DatasetException("Cannot read " + uri + ": it is a folder");
      }

      if (status.getLen() > Integer.MAX_VALUE - 8) {
        throw new DatasetException(
            "Cannot read %s: %d bytes, at most 2 GiB fit".formatted(uri, status.getLen()));
      }

      return read(files, path, status);
    } catch (FileNotFoundException e) {
      throw new DatasetException("Cannot read " + uri + ": no such file, or not allowed", e);
    } catch (IOException e) {
      throw failure("Cannot read " + uri, e);
    }
  }

  @Override
  public boolean exists(String uri) {
    return status(uri) != null;
  }

  @Override
  public long size(String uri) {
    FileStatus status = status(uri);
    return status == null ? 0 : status.getLen();
  }

  @Override
  public boolean isDirectory(String uri) {
    FileStatus status = status(uri);
    return status != null && status.isDirectory();
  }

  @Override
  public List<String> list(String folder) {
    Path path = path(folder);

    try {
      List<String> names = new ArrayList<>();

      for (FileStatus status : fileSystem(path, configuration).listStatus(path)) {
        String name = status.getPath().getName();
        names.add(status.isDirectory() ? name + "/" : name);
      }
      Collections.sort(names);
      return names;
    } catch (FileNotFoundException e) {
      throw new DatasetException("Cannot list " + folder + ": no such folder", e);
    } catch (IOException e) {
      throw failure("Cannot list " + folder, e);
    }
  }

  /**
   * Reads a whole file of known status, so that an object store is not asked for it again.
   *
   * @throws IOException if the storage fails, or the file is shorter than its status says
   */
  public static byte[] read(FileSystem files, Path path, FileStatus status) throws IOException {
    byte[] bytes = new byte[(int) status.getLen()];

    try (FSDataInputStream in =
        FutureIO.awaitFuture(
            files
                .openFile(path)
                .withFileStatus(status)
                .opt(
                    Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY,
                    Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_WHOLE_FILE)
                .build())) {
      in.readFully(bytes);
    }

    return bytes;
  }

  /** Local files without Hadoop's checksum layer, which cannot name a file with a colon. */
  public static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRaw() : files;
  }

  private FileStatus status(String uri) {
    Path path = path(uri);

    try {
      return fileSystem(path, configuration).getFileStatus(path);
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      throw failure("Cannot look at " + uri, e);
    }
  }

  /** A name of no file system or bucket is the caller's; anything else is the file system's. */
  private static RuntimeException failure(String what, IOException e) {
    return e instanceof UnsupportedFileSystemException || e instanceof UnknownStoreException
        ? new DatasetException(what + ": " + e.getMessage(), e)
        : new UncheckedIOException(what, e);
  }

  /**
   * A local path goes through a URI, so that a colon in it (SPair-71k) is not taken for a scheme.
   */
  public static Path path(String uri) {
    FileStore.requireNoCredentials(uri);

    try {
      return FileStore.hasScheme(uri)
          ? new Path(uri)
          : new Path(
              new URI("file", "", java.nio.file.Path.of(uri).toAbsolutePath().toString(), null));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new DatasetException("Invalid path: " + uri + ": " + e.getMessage(), e);
    }
  }
}

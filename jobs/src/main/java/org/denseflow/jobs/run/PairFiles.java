package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of a pair, named by its id. */
public final class PairFiles {

  private PairFiles() {}

  /**
   * Writes a pair's files.
   *
   * @param files contents by what follows the pair's name, as {@code .flo}
   */
  public static void save(
      String folder, String pairId, Map<String, byte[]> files, Configuration configuration)
      throws IOException {
    String name = FileNames.of(pairId);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = new Path(folder, name + file.getKey());

      FileSystem storage = path.getFileSystem(configuration);
      FileNames.requireNameable(path, storage);

      try (FSDataOutputStream out = storage.create(path, true)) {
        out.write(file.getValue());
      }
    }
  }
}

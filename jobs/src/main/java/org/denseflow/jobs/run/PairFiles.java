package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
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
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = new Path(folder, name(pairId) + file.getKey());

      try (FSDataOutputStream out = path.getFileSystem(configuration).create(path, true)) {
        out.write(file.getValue());
      }
    }
  }

  /** A pair id as a file name: what file systems do not like becomes "_". */
  private static String name(String pairId) {
    return pairId.replaceAll("[^A-Za-z0-9._()+-]+", "_");
  }
}

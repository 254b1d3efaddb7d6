package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.denseflow.weights.Tensor;

/** Writes safetensors files to any storage. */
public final class TensorFile {

  private TensorFile() {}

  /** Writes a file, first a local one, then whole to its place; replaces one of the same name. */
  public static void write(
      Path path,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      Precision precision,
      Configuration configuration) {
    try {
      FileSystem files = path.getFileSystem(configuration);
      java.nio.file.Path local = Files.createTempFile("denseflow-", ".safetensors");

      try {
        SafetensorsFile.write(local, tensors, metadata, precision);
        AtomicFile.replace(
            files,
            path,
            part -> files.copyFromLocalFile(false, true, new Path(local.toUri()), part));
      } finally {
        Files.delete(local);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }
}

package org.denseflow.jobs.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.AtomicFile;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.TensorFile;
import org.denseflow.training.TrainerState;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/**
 * The checkpoints of a training: {@code checkpoints/step-NNNNNNNN.safetensors} holds the state,
 * {@code .json} of the same name, written after it, says that it is complete and where it comes
 * from.
 */
final class Checkpoints {
  /** Their name and the number of their form. */
  static final ResultNumber RESULTS = new ResultNumber("checkpoints", 1);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final Set<String> VECTORS = Set.of("parameters", "updater", "statistics");

  private final Path folder;
  private final FileSystem files;

  Checkpoints(String uri, Configuration configuration) {
    try {
      this.folder = HadoopFileStore.path(uri);
      this.files = folder.getFileSystem(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + uri, e);
    }
  }

  /** Writes a state and then its provenance. */
  void write(TrainerState state, Map<String, Object> provenance) {
    Map<String, Tensor> tensors =
        Map.of(
            "parameters", vector(state.parameters()),
            "updater", vector(state.updater()),
            "statistics", vector(state.statistics()));
    String name = name(state.step());
    store(
        new Path(folder, name + ".safetensors"),
        tensors,
        Map.of("step", "" + state.step()),
        Precision.SINGLE);
    put(new Path(folder, name + ".json"), json(provenance));
  }

  /** Deletes all but the newest. */
  void prune(int keep) {
    List<String> complete = complete();

    for (String name : complete.subList(0, Math.max(0, complete.size() - keep))) {
      try {
        files.delete(new Path(folder, name + ".json"), false);
        files.delete(new Path(folder, name + ".safetensors"), false);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete the checkpoint " + name, e);
      }
    }
  }

  /** The newest complete state. */
  Optional<TrainerState> newest() {
    List<String> complete = complete();

    if (complete.isEmpty()) {
      return Optional.empty();
    }

    Path path = new Path(folder, complete.get(complete.size() - 1) + ".safetensors");

    try {
      java.nio.file.Path local = Files.createTempFile("denseflow-checkpoint-", ".safetensors");

      try {
        try (var in = files.open(path)) {
          Files.copy(in, local, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        WeightMap map = WeightFile.read(local);
        return Optional.of(state(path, map));
      } finally {
        Files.delete(local);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the checkpoint " + path, e);
    }
  }

  private static TrainerState state(Path path, WeightMap map) {
    String step = map.metadata().getOrDefault("step", "");

    if (!step.matches("[0-9]{1,18}") || !map.names().containsAll(VECTORS)) {
      throw new UsageException(
          "Cannot resume from %s: it is no checkpoint; delete it to take the one before"
              .formatted(path));
    }

    return new TrainerState(
        Long.parseLong(step),
        map.values("parameters"),
        map.values("updater"),
        map.values("statistics"));
  }

  /** Writes a safetensors file, whole. */
  void store(
      Path path, Map<String, Tensor> tensors, Map<String, String> metadata, Precision precision) {
    TensorFile.write(path, tensors, metadata, precision, files.getConf());
  }

  private void put(Path path, byte[] bytes) {
    AtomicFile.replace(
        files,
        path,
        part -> {
          try (var out = files.create(part, true)) {
            out.write(bytes);
          }
        });
  }

  private List<String> complete() {
    List<String> names = new ArrayList<>();

    try {
      if (files.exists(folder)) {
        Arrays.stream(files.listStatus(folder))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .filter(name -> name.matches("step-\\d+\\.json"))
            .forEach(name -> names.add(name.substring(0, name.length() - ".json".length())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }

    Collections.sort(names);
    return names;
  }

  private static byte[] json(Object value) {
    try {
      return (JSON.writeValueAsString(value) + "\n")
          .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(long step) {
    return "step-%08d".formatted(step);
  }

  private static Tensor vector(float[] values) {
    return new Tensor(new int[] {values.length}, values);
  }
}

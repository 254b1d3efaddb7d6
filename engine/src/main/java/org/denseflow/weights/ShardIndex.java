package org.denseflow.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The index of a network whose tensors lie in several files beside it: {@code {"weight_map":
 * {tensor: file}}}, as in {@code model.safetensors.index.json} and {@code
 * pytorch_model.bin.index.json}.
 *
 * @param files the shard of each tensor
 */
record ShardIndex(Map<String, String> files) {
  private static final int MAX_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether a file begins like a JSON object, which no other format of weights does. */
  static boolean isIndex(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      String head = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
      // The length that begins a safetensors file may look like a brace, but its upper bytes are 0.
      return head.stripLeading().startsWith("{") && head.indexOf('\0') < 0;
    }
  }

  /**
   * Reads an index.
   *
   * @throws WeightException if it is malformed, or names files that do not lie beside it
   */
  static ShardIndex read(Path path) throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw WeightException.malformed("an index of more than %d bytes".formatted(MAX_BYTES));
    }

    JsonNode map = parse(Files.readAllBytes(path)).path("weight_map");
    Map<String, String> files = new LinkedHashMap<>();

    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      files.put(entry.getKey(), shard(entry.getKey(), entry.getValue()));
    }

    if (files.isEmpty()) {
      throw WeightException.malformed(
          "a JSON file that is no index of shards: it has no \"weight_map\" with tensors");
    }

    return new ShardIndex(files);
  }

  private static JsonNode parse(byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new WeightException(
          "weights.malformed", "Cannot read weights: the index is not JSON", e);
    }
  }

  private static String shard(String tensor, JsonNode node) {
    String name = node.asText();

    if (!node.isTextual()
        || name.isBlank()
        || name.startsWith(".")
        || !name.matches("[^/\\\\:\\p{Cntrl}]+")) {
      throw new WeightException(
          "weights.outside",
          "Cannot read weights: the index says that %s lies in %s; shards are files beside the index"
              .formatted(tensor, node));
    }

    return name;
  }

  /** The names of the shards, sorted. */
  Set<String> shards() {
    return new TreeSet<>(files.values());
  }

  /** The tensors of all shards. */
  WeightFile.Contents contents(Path index) throws IOException {
    WeightFile.Contents all = WeightFile.Contents.empty();

    for (String shard : shards()) {
      WeightFile.Contents own = WeightFile.contents(beside(index, shard));
      own.metadata().forEach(all.metadata()::putIfAbsent);
      files.forEach(
          (tensor, file) -> {
            if (file.equals(shard)) {
              move(tensor, own, all, shard);
            }
          });
    }

    return all;
  }

  private static void move(
      String tensor, WeightFile.Contents from, WeightFile.Contents to, String shard) {
    if (from.tensors().containsKey(tensor)) {
      to.tensors().put(tensor, from.tensors().get(tensor));
    } else if (from.unread().containsKey(tensor)) {
      to.unread().put(tensor, from.unread().get(tensor));
    } else {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot read weights: the index says that %s lies in %s, which does not have it"
              .formatted(tensor, shard));
    }
  }

  /** Of the index and all its shards. */
  String digest(Path index) throws IOException {
    StringBuilder all = new StringBuilder(WeightFile.digest(index));

    for (String shard : shards()) {
      all.append('\n').append(shard).append(' ').append(WeightFile.digest(beside(index, shard)));
    }

    return WeightFile.digest(
        new ByteArrayInputStream(all.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static Path beside(Path index, String shard) {
    Path file = index.resolveSibling(shard);

    if (!Files.isRegularFile(file)) {
      throw new WeightException(
          "weights.missing",
          "Cannot read weights: the index names the shard %s, which is not beside it"
              .formatted(shard));
    }

    return file;
  }
}

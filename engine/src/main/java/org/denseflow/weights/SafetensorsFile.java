package org.denseflow.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * safetensors: an 8-byte little-endian header length, a JSON header {name: {dtype, shape,
 * data_offsets}} with optional {@code __metadata__}, then the data, little-endian.
 */
public final class SafetensorsFile {
  private static final long MAX_HEADER = 100L << 20;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsFile() {}

  static WeightFile.Contents read(FileChannel channel) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    WeightFile.readFully(channel, prefix, 0);
    long headerLength = prefix.getLong();
    long dataStart = 8 + headerLength;

    if (headerLength <= 0 || headerLength > MAX_HEADER || dataStart > channel.size()) {
      throw WeightException.truncated(
          "the safetensors header announces %d bytes in a file of %d"
              .formatted(headerLength, channel.size()));
    }

    ByteBuffer header = ByteBuffer.allocate((int) headerLength);
    WeightFile.readFully(channel, header, 8);
    WeightFile.Contents contents = WeightFile.Contents.empty();
    long left = channel.size() - dataStart;

    for (Map.Entry<String, JsonNode> entry : parse(header.array()).properties()) {
      if (entry.getKey().equals(METADATA)) {
        entry
            .getValue()
            .properties()
            .forEach(e -> contents.metadata().put(e.getKey(), e.getValue().asText()));
      } else {
        contents.put(
            entry.getKey(), () -> tensor(channel, dataStart, entry.getKey(), entry.getValue()));
        left -= entry.getValue().path("data_offsets").path(1).asLong();
        left += entry.getValue().path("data_offsets").path(0).asLong();

        if (left < 0) {
          throw WeightException.malformed("tensor %s overlaps another".formatted(entry.getKey()));
        }
      }
    }

    return contents;
  }

  /** How numbers are written. */
  public enum Precision {
    /** fp32. */
    SINGLE(ElementType.F32),
    /** fp16, rounded to the nearest. */
    HALF(ElementType.F16);

    private final ElementType type;

    Precision(ElementType type) {
      this.type = type;
    }
  }

  /** Writes tensors in single precision. */
  public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    write(path, tensors, metadata, Precision.SINGLE);
  }

  /**
   * Writes tensors, names sorted, so that equal content gives equal bytes; the file appears at once
   * or not at all.
   *
   * @throws IllegalArgumentException if a value is not finite: such a file could not be read
   */
  public static void write(
      Path path, Map<String, Tensor> tensors, Map<String, String> metadata, Precision precision)
      throws IOException {
    ElementType type = precision.type;
    ObjectNode header = JSON.createObjectNode();

    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject(METADATA);
      new TreeMap<>(metadata).forEach(node::put);
    }

    long offset = 0;

    for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
      requireFinite(path, entry.getKey(), entry.getValue(), type);
      ObjectNode node = header.putObject(entry.getKey()).put("dtype", type.name());
      var shape = node.putArray("shape");

      for (int side : entry.getValue().shape()) {
        shape.add(side);
      }

      long end = offset + (long) type.bytes() * entry.getValue().values().length;
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }

    write(path, padded(JSON.writeValueAsBytes(header)), new TreeMap<>(tensors), type);
  }

  private static void write(Path path, byte[] header, Map<String, Tensor> tensors, ElementType type)
      throws IOException {
    Path part =
        Files.createTempFile(
            path.toAbsolutePath().getParent(), path.getFileName().toString(), ".part");

    try {
      fill(part, header, tensors, type);

      try {
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void requireFinite(Path path, String name, Tensor tensor, ElementType type) {
    // Up to half the distance to the next number, 65536, it is rounded down.
    double largest = type == ElementType.F16 ? Math.nextDown(65520f) : Float.MAX_VALUE;

    for (float value : tensor.values()) {
      if (!(Math.abs(value) <= largest)) {
        throw new IllegalArgumentException(
            "Cannot write %s: tensor %s holds %s".formatted(path, name, value));
      }
    }
  }

  private static void fill(Path part, byte[] header, Map<String, Tensor> tensors, ElementType type)
      throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, prefix.putLong(header.length).flip());
      writeFully(channel, ByteBuffer.wrap(header));

      for (Tensor tensor : tensors.values()) {
        ByteBuffer data =
            ByteBuffer.allocate(type.bytes() * tensor.values().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        type.put(tensor.values(), data);
        writeFully(channel, data.flip());
      }

      channel.force(true);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static byte[] padded(byte[] header) {
    byte[] padded = Arrays.copyOf(header, (header.length + 7) / 8 * 8);
    Arrays.fill(padded, header.length, padded.length, (byte) ' ');
    return padded;
  }

  private static JsonNode parse(byte[] header) {
    try {
      JsonNode node = JSON.readTree(new String(header, StandardCharsets.UTF_8));

      if (node == null || !node.isObject()) {
        throw WeightException.malformed("the safetensors header is not a JSON object");
      }

      return node;
    } catch (JsonProcessingException e) {
      throw new WeightException(
          "weights.malformed", "Cannot read weights: the safetensors header is not JSON", e);
    }
  }

  private static Tensor tensor(FileChannel channel, long dataStart, String name, JsonNode node)
      throws IOException {
    ElementType type = type(name, node.path("dtype").asText());
    int[] shape = shape(name, node.path("shape"));
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    long count = 1;

    for (int side : shape) {
      count *= side;

      if (count > Integer.MAX_VALUE / 8) {
        throw WeightException.malformed("tensor %s has too many elements".formatted(name));
      }
    }

    if (begin < 0 || end < begin || end - begin != count * type.bytes()) {
      throw WeightException.malformed(
          "tensor %s: offsets %d to %d do not hold %d elements of %d bytes"
              .formatted(name, begin, end, count, type.bytes()));
    }

    if (end > channel.size() - dataStart) {
      throw WeightException.truncated(
          "tensor %s ends at byte %d of %d".formatted(name, dataStart + end, channel.size()));
    }

    ByteBuffer data = ByteBuffer.allocate((int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
    WeightFile.readFully(channel, data, dataStart + begin);
    return new Tensor(shape, type.read(data, (int) count));
  }

  private static ElementType type(String name, String dtype) {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.name().equals(dtype))
        .findFirst()
        .orElseThrow(
            () ->
                WeightException.unsupported(
                    "tensor %s has numbers of type \"%s\"".formatted(name, dtype)));
  }

  private static int[] shape(String name, JsonNode node) {
    if (!node.isArray()) {
      throw WeightException.malformed("tensor %s has no shape".formatted(name));
    }

    int[] shape = new int[node.size()];

    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path(i).canConvertToInt() ? node.path(i).asInt() : -1;

      if (shape[i] < 0) {
        throw WeightException.malformed("tensor %s has an invalid shape".formatted(name));
      }
    }

    return shape;
  }
}

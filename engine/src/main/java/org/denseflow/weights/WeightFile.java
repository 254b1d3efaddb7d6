package org.denseflow.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipException;

/** Reads a weight file of any known format, told by its first bytes. */
public final class WeightFile {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private WeightFile() {}

  /**
   * Reads safetensors, .npy, .npz, PyTorch .pth (zip or legacy), Keras .h5, or an index of such
   * files beside it ({@link ShardIndex}). Tensors of types that are not read, and objects, are left
   * out and named in {@link WeightMap#unread}.
   *
   * @throws WeightException if the file is missing, of no known format, truncated or hostile
   */
  public static WeightMap read(Path path) {
    return reading(path, WeightFile::map);
  }

  /** Reads something of a file. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads it. */
    T read(Path path) throws IOException;
  }

  /**
   * Reads something of a weight file.
   *
   * @throws WeightException where the reader throws anything else: its message names the file
   */
  public static <T> T reading(Path path, Reader<T> reader) {
    try {
      if (Files.isDirectory(path)) {
        throw new WeightException(
            "weights.unreadable", "Cannot read weights %s: it is a directory".formatted(path));
      }

      return reader.read(path);
    } catch (NoSuchFileException e) {
      throw new WeightException(
          "weights.missing", "Cannot read weights %s: no such file".formatted(path), e);
    } catch (ZipException e) {
      throw new WeightException(
          "weights.truncated",
          "Cannot read weights: the zip is broken: %s (file %s)".formatted(e.getMessage(), path),
          e);
    } catch (IOException e) {
      throw new WeightException(
          "weights.unreadable", "Cannot read weights %s: %s".formatted(path, e.getMessage()), e);
    } catch (WeightException e) {
      throw new WeightException(e.code(), e.getMessage() + " (file " + path + ")", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new WeightException(
          "weights.malformed",
          "Cannot read weights %s: the file is inconsistent".formatted(path),
          e);
    }
  }

  private static WeightMap map(Path path) throws IOException {
    String file = path.getFileName().toString();

    if (!ShardIndex.isIndex(path)) {
      return map(file, digest(path), contents(path));
    }

    ShardIndex index = ShardIndex.read(path);
    return map(file, index.digest(path), index.contents(path));
  }

  private static WeightMap map(String file, String digest, Contents contents) {
    return new WeightMap(file, digest, contents.tensors(), contents.unread(), contents.metadata());
  }

  /**
   * The names of the further files that a weight file needs beside it: the shards of an index.
   *
   * @throws WeightException if the index is malformed
   */
  public static Set<String> shards(Path path) throws IOException {
    return ShardIndex.isIndex(path) ? ShardIndex.read(path).shards() : Set.of();
  }

  /**
   * What a format's reader returns.
   *
   * @param unread what was left out, and why
   */
  record Contents(
      Map<String, Tensor> tensors, Map<String, String> unread, Map<String, String> metadata) {

    /** Reads a tensor. */
    interface Source<E extends Exception> {
      Tensor read() throws E;
    }

    static Contents empty() {
      return new Contents(new LinkedHashMap<>(), new LinkedHashMap<>(), new TreeMap<>());
    }

    /** Adds a tensor, or the reason why it is not read. */
    <E extends Exception> void put(String name, Source<E> source) throws E {
      try {
        tensors.put(name, source.read());
      } catch (WeightException e) {
        if (!e.code().equals(WeightException.UNSUPPORTED)) {
          throw e;
        }

        unread.put(name, e.getMessage().replace(WeightException.CANNOT_READ, ""));
      }
    }

    /** Refuses a file without any tensor, with what it has instead. */
    void requireTensors(String code, String what) {
      if (tensors.isEmpty()) {
        String found = unread.isEmpty() ? "" : " (" + unread.values().iterator().next() + ")";
        throw new WeightException(code, WeightException.CANNOT_READ + what + found);
      }
    }
  }

  /** Of a single file. */
  static Contents contents(Path path) throws IOException {
    Contents contents = parse(path, head(path));
    contents.requireTensors(
        contents.unread().isEmpty() ? "weights.malformed" : WeightException.UNSUPPORTED,
        "the file has no tensors that can be read");
    return contents;
  }

  private static Contents parse(Path path, byte[] head) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (startsWith(head, HDF5)) {
        return KerasFile.read(channel);
      }

      // A header of 16 MB or less: its length's upper bytes are zero, and no other format has them
      // so.
      if (head.length > 8
          && head[4] == 0
          && head[5] == 0
          && head[6] == 0
          && head[7] == 0
          && head[8] == '{') {
        return SafetensorsFile.read(channel);
      }

      if (startsWith(head, NUMPY)) {
        Contents contents = Contents.empty();
        contents.put("array", () -> NpyFile.read(Files.readAllBytes(path)));
        return contents;
      }

      if (startsWith(head, "PK".getBytes(StandardCharsets.US_ASCII))) {
        return ZipWeights.read(path);
      }

      if (head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
        return TorchFile.readLegacy(Files.readAllBytes(path));
      }
    }

    throw new WeightException(
        "weights.unknown-format",
        "Cannot read weights: not safetensors, .npy, .npz, PyTorch .pth, Keras .h5 or an index of shards");
  }

  private static byte[] head(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(16);
    }
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  /** "sha256:" and the digest of a file. */
  public static String digest(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return digest(in);
    }
  }

  static String digest(InputStream in) throws IOException {
    try (DigestInputStream digesting =
        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(java.io.OutputStream.nullOutputStream());
      return "sha256:" + HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** Fills the buffer from a position or says that the file is too short. */
  static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
    long at = position;

    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);

      if (read < 0) {
        throw WeightException.truncated(
            "the file ends at byte %d, %d more are announced".formatted(at, buffer.remaining()));
      }

      at += read;
    }

    buffer.flip();
  }
}

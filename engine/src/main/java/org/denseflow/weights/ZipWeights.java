package org.denseflow.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The two zip-based formats: NumPy's .npz and PyTorch's .pth since 1.6. */
final class ZipWeights {
  /** A decoded entry may not be larger than this: weight files do not compress. */
  private static final long MAX_ENTRY = 1L << 30;

  private ZipWeights() {}

  static WeightFile.Contents read(Path path) throws IOException {
    try (ZipFile zip = ZipLimits.open(path)) {
      ZipEntry pickle =
          zip.stream()
              .filter(e -> e.getName().equals("data.pkl") || e.getName().endsWith("/data.pkl"))
              .findFirst()
              .orElse(null);

      if (pickle != null) {
        String prefix =
            pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
        return TorchFile.readZip(
            bytes(zip, pickle), order(zip, prefix), key -> entry(zip, prefix + "data/" + key));
      }

      WeightFile.Contents contents = WeightFile.Contents.empty();

      for (ZipEntry entry : zip.stream().filter(e -> e.getName().endsWith(".npy")).toList()) {
        String name = entry.getName().substring(0, entry.getName().length() - ".npy".length());
        byte[] bytes = bytes(zip, entry);
        contents.put(name, () -> NpyFile.read(bytes));
      }

      return contents;
    }
  }

  /** What the machine that wrote a checkpoint had, as its entry {@code byteorder} says. */
  private static ByteOrder order(ZipFile zip, String prefix) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    boolean big =
        entry != null
            && new String(bytes(zip, entry), StandardCharsets.US_ASCII).strip().equals("big");
    return big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static byte[] entry(ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);

    if (entry == null) {
      throw WeightException.malformed("the zip has no entry " + name);
    }

    try {
      return bytes(zip, entry);
    } catch (IOException e) {
      throw new WeightException(
          "weights.truncated",
          "Cannot read weights: entry %s: %s".formatted(name, e.getMessage()),
          e);
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) MAX_ENTRY + 1);

      if (bytes.length > MAX_ENTRY) {
        throw WeightException.malformed(
            "entry %s is larger than %d bytes".formatted(entry.getName(), MAX_ENTRY));
      }

      return bytes;
    }
  }
}

package org.denseflow.backbone.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.util.ModelSerializer;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Preprocessing.Channels;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.ZipLimits;

/**
 * What {@link ModelSerializer} saved of a network: its configuration, parameters and normaliser.
 * Nothing else in the file is looked at; the updater's state and added objects, which are
 * serialised Java, never.
 */
final class ModelZip {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST_CONFIGURATION = 16 << 20;

  /** Means and deviations of three channels, of images and of labels. */
  private static final int MOST_NORMALIZER = 64 << 10;

  private final Path file;

  ModelZip(Path file) {
    this.file = file;
  }

  /**
   * The network's configuration, of single precision.
   *
   * @throws WeightException if it is not one of a computation graph of known layers
   */
  ComputationGraphConfiguration configuration() throws IOException {
    JsonNode json =
        required(
            ModelSerializer.CONFIGURATION_JSON,
            MOST_CONFIGURATION,
            (in, bytes) -> JSON.readTree(in.readNBytes((int) bytes)));

    if (json.has("confs")) {
      throw WeightException.unsupported(
          "it holds a MultiLayerNetwork; save network.toComputationGraph() in its place");
    }

    for (JsonNode vertex : json.path("vertices")) {
      if (!vertex.has("@class")) {
        throw WeightException.unsupported(
            "its configuration is of a DL4J before 1.0.0-beta; load it with a DL4J that reads it, and save it again");
      }
    }

    KnownLayers.check(json);

    try {
      return ComputationGraphConfiguration.fromJson(json.toString());
    } catch (RuntimeException e) {
      throw new WeightException(
          "weights.malformed",
          "Cannot read weights: DL4J does not understand the configuration: " + e.getMessage(),
          e);
    }
  }

  /** All parameters, layer after layer. */
  float[] parameters() throws IOException {
    return required(
        ModelSerializer.COEFFICIENTS_BIN,
        Integer.MAX_VALUE,
        (in, bytes) -> new ArrayStream(in, bytes).read());
  }

  /** What the normaliser does; empty without one. */
  Optional<Preprocessing> normalizer(Channels channels) throws IOException {
    return entry(
        ModelSerializer.NORMALIZER_BIN,
        MOST_NORMALIZER,
        (in, bytes) -> Normalizers.read(in, bytes, channels));
  }

  /** Reads an entry of a number of bytes. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(DataInputStream in, long bytes) throws IOException;
  }

  private <T> T required(String name, int most, Reader<T> reader) throws IOException {
    return entry(name, most, reader)
        .orElseThrow(
            () ->
                WeightException.malformed(
                    "it is no network of DL4J's ModelSerializer: it has no entry " + name));
  }

  private <T> Optional<T> entry(String name, int most, Reader<T> reader) throws IOException {
    try (ZipFile zip = ZipLimits.open(file)) {
      ZipEntry entry = zip.getEntry(name);

      if (entry == null) {
        return Optional.empty();
      }

      if (entry.getSize() < 0 || entry.getSize() > most) {
        throw WeightException.malformed(
            "entry %s has %d bytes, %d at most".formatted(name, entry.getSize(), most));
      }

      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(zip.getInputStream(entry)))) {
        return Optional.of(reader.read(in, entry.getSize()));
      }
    } catch (EOFException e) {
      throw WeightException.truncated("entry %s ends in the midst of a value".formatted(name));
    } catch (JsonProcessingException e) {
      throw WeightException.malformed("entry %s is no JSON".formatted(name));
    }
  }
}

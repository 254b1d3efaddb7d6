package org.denseflow.backbone.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** Weights that come with the engine, as resources of this package named like their backbone. */
final class ShippedWeights {

  private ShippedWeights() {}

  /** Whether the weights of a backbone come with the engine. */
  static boolean has(String backbone) {
    return ShippedWeights.class.getResource(file(backbone)) != null;
  }

  /** Reads the weights of a backbone that has them. */
  static WeightMap read(String backbone) {
    try (InputStream in = ShippedWeights.class.getResourceAsStream(file(backbone))) {
      Path folder = Files.createTempDirectory("denseflow-weights-");
      Path copy = folder.resolve(file(backbone));

      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return WeightFile.read(copy);
      } finally {
        Files.deleteIfExists(copy);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the weights of " + backbone, e);
    }
  }

  private static String file(String backbone) {
    return backbone + ".safetensors";
  }
}

package org.denseflow.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureInversionTest {
  private static final Size SIZE = new Size(16, 12);

  @TempDir private Path folder;

  @Test
  void goesToTheImageThatHasTheWantedFeatures() throws IOException {
    Path file = folder.resolve("codec.safetensors");
    SafetensorsFile.write(
        file, NaiveLayers.random(StyleShape.RELU3_1.tensors(), new Random(1)), Map.of());
    StyleCodec codec = new StyleCodec(file);
    RgbImage wanted = noise(2);
    RgbImage start = noise(3);
    StyleFeatures features = codec.encode(wanted, SIZE);
    boolean[] region = new boolean[12];
    Arrays.fill(region, 0, 7, true);
    double[][] gram = FeatureStatistics.of(features.values(), 256, region).gram();
    RgbImage found = new FeatureInversion(codec, 40).invert(start, features, gram, region);
    double before = distance(codec.encode(start, SIZE), features);
    assertThat(distance(codec.encode(found, SIZE), features)).isLessThan(0.5 * before);
    assertThat(new FeatureInversion(codec, 0).invert(start, features, gram, region))
        .isSameAs(start);
  }

  private static RgbImage noise(long seed) {
    byte[] pixels = new byte[3 * SIZE.width() * SIZE.height()];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(SIZE.width(), SIZE.height(), pixels);
  }

  private static double distance(StyleFeatures a, StyleFeatures b) {
    double sum = 0;

    for (int i = 0; i < a.values().length; i++) {
      sum += Math.pow(a.values()[i] - b.values()[i], 2);
    }

    return Math.sqrt(sum);
  }
}

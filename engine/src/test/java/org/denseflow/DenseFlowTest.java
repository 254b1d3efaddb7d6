package org.denseflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Warp;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.junit.jupiter.api.Test;

/** The library as a Java program uses it, without Spark. */
class DenseFlowTest {

  /** Blocks that move by (32, 16) pixels, two cells and one. */
  private static RgbImage blocks(int dx, int dy) {
    byte[] pixels = new byte[3 * 320 * 320];

    for (int y = 0; y < 320; y++) {
      for (int x = 0; x < 320; x++) {
        int hash = ((x - dx + 320) / 20 * 7919 + (y - dy + 320) / 20 * 104729) * 31;
        pixels[3 * (320 * y + x)] = (byte) hash;
        pixels[3 * (320 * y + x) + 1] = (byte) (hash >> 3);
        pixels[3 * (320 * y + x) + 2] = (byte) (hash >> 6);
      }
    }

    return new RgbImage(320, 320, pixels);
  }

  /** The lines of engine/README.md, which the other test compares. */
  @Test
  void linesOfTheReadmeMatchAndWarp() {
    RgbImage sourceImage = blocks(0, 0);
    RgbImage targetImage = blocks(32, 16);
    FlowField result;
    RgbImage picture;

    try (DenseMatcher<ImageFeatures> matcher = DenseFlow.matcher("guided")) {
      ImageFeatures source = matcher.describe(sourceImage); // once per image
      ImageFeatures target = matcher.describe(targetImage);
      FlowField flow = matcher.match(source, target).flow(); // on the source's grid
      RgbImage warped = Warp.backward(targetImage, flow, sourceImage.size());
      result = flow;
      picture = warped;
    }

    int cell = result.gridWidth() * (result.gridHeight() / 2) + result.gridWidth() / 2;
    assertThat(320 * result.displacement()[2 * cell]).isBetween(28f, 36f);
    assertThat(320 * result.displacement()[2 * cell + 1]).isBetween(12f, 20f);
    assertThat(difference(picture, sourceImage))
        .isLessThan(difference(targetImage, sourceImage) / 2);
  }

  private static double difference(RgbImage a, RgbImage b) {
    double sum = 0;

    for (int y = 80; y < 240; y++) {
      for (int i = 3 * (320 * y + 80); i < 3 * (320 * y + 240); i++) {
        sum += Math.abs((a.pixels()[i] & 0xff) - (b.pixels()[i] & 0xff));
      }
    }

    return sum;
  }

  @Test
  void theReadmeShowsTheLinesThatAreTested() throws IOException {
    String test = Files.readString(Path.of("src/test/java/org/denseflow/DenseFlowTest.java"));
    String readme = Files.readString(Path.of("README.md"));
    String block = readme.substring(readme.indexOf("```java\n") + 8);
    block = block.substring(0, block.indexOf("```"));
    assertThat(block.lines().count()).isGreaterThan(4);
    assertThat(block.lines().map(String::strip))
        .allSatisfy(line -> assertThat(test).contains(line));
  }

  @Test
  void settingsChangeThePresetAndMistakesAreNamed() {
    try (DenseMatcher<ImageFeatures> matcher =
        DenseFlow.matcher("nn", "image.width=160", "image.height=96")) {
      assertThat(matcher.describe(blocks(0, 0)).vectors().get(0).rows()).isEqualTo(10 * 6);
    }

    assertThatThrownBy(() -> DenseFlow.matcher("guidde"))
        .hasMessageContaining("; did you mean guided?");
    assertThatThrownBy(() -> DenseFlow.matcher("guided", "guided.refinment-beta=3"))
        .hasMessageContaining("unknown key guided.refinment-beta");
    assertThatThrownBy(() -> DenseFlow.matcher("gsf"))
        .hasMessageContaining("Method gsf needs a trained model: pass --model, or use guided");
  }
}

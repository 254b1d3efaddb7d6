package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowFormatException;
import org.denseflow.flow.PixelFlow;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TssScoreTest {

  /** What the benchmark's own MATLAB scorer prints for the sample results that it ships. */
  @ParameterizedTest
  @CsvSource({
    "FG3DCar/001_005,   1, 0.525969, 0.904896, 0.981059, 1.000000, 1.000000, 0.882711",
    "FG3DCar/001_005,   2, 0.543079, 0.944042, 0.999722, 1.000000, 1.000000, 0.921066",
    "PASCAL/bike_01_02, 1, 0.257232, 0.622107, 0.793464, 0.863590, 0.997998, 0.386487",
    "PASCAL/bike_01_02, 2, 0.495372, 0.917708, 0.959551, 0.979539, 0.996950, 0.709388",
  })
  void agreesWithTheOfficialScorer(
      String pair, int image, double t1, double t2, double t3, double t5, double t10, double iou)
      throws IOException, FlowFormatException {
    Path results = shared("tss-results").resolve(pair);
    Path truths = shared("tss").resolve(pair);
    int other = 3 - image;
    PixelFlow truthOther = flo(truths.resolve("flow" + other + ".flo"));
    PixelFlow predictedOther = flo(results.resolve("flow" + other + ".flo"));

    double[] accuracy =
        TssScore.flowAccuracy(
            flo(results.resolve("flow" + image + ".flo")),
            new Size(predictedOther.width(), predictedOther.height()),
            flo(truths.resolve("flow" + image + ".flo")),
            new Size(truthOther.width(), truthOther.height()));
    double overlap =
        TssScore.iou(
            mask(results.resolve("mask" + image + ".png")),
            mask(truths.resolve("mask" + image + ".png")));

    System.out.printf(
        "tss/kit %s from image %d: differences %.6f %.6f %.6f %.6f %.6f, IoU %.6f%n",
        pair,
        image,
        accuracy[0] - t1,
        accuracy[1] - t2,
        accuracy[2] - t3,
        accuracy[4] - t5,
        accuracy[9] - t10,
        overlap - iou);
    assertThat(accuracy).hasSize(50).isSorted();
    assertThat(accuracy[0]).isCloseTo(t1, within(0.0005));
    assertThat(accuracy[1]).isCloseTo(t2, within(0.0005));
    assertThat(accuracy[2]).isCloseTo(t3, within(0.0005));
    assertThat(accuracy[4]).isCloseTo(t5, within(0.0005));
    assertThat(accuracy[9]).isCloseTo(t10, within(0.0005));
    assertThat(overlap).isCloseTo(iou, within(0.0005));
  }

  @Test
  void countsUnknownPredictionsAsWrongAndUnknownTruthNotAtAll() {
    PixelFlow truth = new PixelFlow(2, 2, new float[] {1, 0, 1, 0, 1, 0, 1e10f, 1e10f});
    PixelFlow predicted = new PixelFlow(2, 2, new float[] {1, 0, 1e10f, 1e10f, 1.5f, 0, 0, 0});
    Size two = new Size(2, 2);

    double[] accuracy = TssScore.flowAccuracy(predicted, two, truth, two);

    // the unit is 2/100 px, so an error of 0.5 px passes from T = 25 on
    assertThat(accuracy[23]).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(accuracy[24]).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(accuracy[49]).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void resizingTheIdentityBetweenDifferentlyScaledImagesKeepsTheIdentity() {
    // 4x2 onto 8x4 while the other image grows from 4x2 to 12x6: end point x maps to 1.5 x
    PixelFlow identity = new PixelFlow(4, 2, new float[16]);

    PixelFlow resized = TssScore.resize(identity, new Size(4, 2), new Size(8, 4), new Size(12, 6));

    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 8; x++) {
        assertThat(resized.uv()[2 * (8 * y + x)]).isCloseTo(0.5f * x, within(1e-5f));
        assertThat(resized.uv()[2 * (8 * y + x) + 1]).isCloseTo(0.5f * y, within(1e-5f));
      }
    }
  }

  private static Path shared(String name) {
    String root = System.getenv("DENSEFLOW_SHARED");
    Path base = root == null ? Path.of("..", "..", "shared") : Path.of(root);
    Path folder = base.resolve("data").resolve(name);
    assumeTrue(Files.isDirectory(folder), () -> "no shared data at " + folder);
    return folder;
  }

  private static PixelFlow flo(Path path) throws IOException, FlowFormatException {
    return FloFile.read(Files.readAllBytes(path));
  }

  private static Mask mask(Path path) throws IOException {
    BufferedImage image = ImageIO.read(path.toFile());
    boolean[] inside = new boolean[image.getWidth() * image.getHeight()];

    for (int p = 0; p < inside.length; p++) {
      inside[p] = (image.getRGB(p % image.getWidth(), p / image.getWidth()) & 0xff) > 127;
    }
    return new Mask(image.getWidth(), image.getHeight(), inside);
  }
}

package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.denseflow.DenseFlow;
import org.denseflow.SharedData;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.MethodFiles;
import org.denseflow.style.StyleCodec;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AttributeTransferTest {

  @Test
  void attributesMoveToTheTargetWhileTheContentStays() throws IOException, ImageException {
    AttributeParameters parameters = parameters(3, 1, 25);
    SoftAssertions softly = new SoftAssertions();
    System.out.println(
        "attribute transfer       colour   gram | content  of warp | edges  of warp | seconds");

    try (AttributeTransfer transfer = transfer("resnet50_v2", parameters)) {
      for (String pair : List.of("4", "6", "10")) {
        try (AttributeTransfer.Subject a = transfer.describe(photograph(pair, "source"));
            AttributeTransfer.Subject b = transfer.describe(photograph(pair, "target"))) {
          check(softly, transfer, "analogy_" + pair, a, b);
        }
      }
    }

    softly.assertAll();
  }

  private static void check(
      SoftAssertions softly,
      AttributeTransfer transfer,
      String name,
      AttributeTransfer.Subject source,
      AttributeTransfer.Subject target) {
    long start = System.nanoTime();
    AttributeTransfer.Result result =
        transfer.transfer(source, target, Optional.empty()).orElseThrow();
    TransferScores scores = result.scores();
    System.out.printf(
        Locale.ROOT,
        "%-22s %8.3f %6.3f | %7.3f %8.3f | %5.3f %8.3f | %6.1f%n",
        name,
        scores.colourMoved(),
        scores.gramMoved(),
        scores.content(),
        scores.warpContent(),
        scores.edges(),
        scores.warpEdges(),
        (System.nanoTime() - start) / 1e9);
    softly.assertThat(scores.colourMoved()).as("%s: colour", name).isGreaterThan(0.6);
    softly.assertThat(scores.gramMoved()).as("%s: Gram", name).isGreaterThan(0.6);
    softly.assertThat(scores.content()).as("%s: content", name).isLessThan(scores.warpContent());
    softly.assertThat(scores.edges()).as("%s: edges", name).isGreaterThan(scores.warpEdges());
  }

  @Test
  void nothingChangesOutsideOfTheMask() throws IOException, ImageException {
    RgbImage source = photograph("4", "source");
    boolean[] inside = new boolean[source.width() * source.height()];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = i % source.width() < source.width() / 2;
    }

    Mask left = new Mask(source.width(), source.height(), inside);

    try (AttributeTransfer transfer = transfer("hog", parameters(2, 1, 0));
        AttributeTransfer.Subject a = transfer.describe(source);
        AttributeTransfer.Subject b = transfer.describe(photograph("4", "target"))) {
      AttributeTransfer.Result result = transfer.transfer(a, b, Optional.of(left)).orElseThrow();
      assertThat(result.iterations()).hasSize(2);
      int width = a.image().width();

      for (int y = 0; y < a.image().height(); y++) {
        for (int x = width / 2 + 12; x < width; x++) {
          assertThat(result.stylised().at(x, y, 0)).isEqualTo(a.image().at(x, y, 0));
        }
      }

      assertThat(difference(result.stylised(), a.image())).isGreaterThan(5);
    }
  }

  @Test
  void withoutStrengthTheSourceIsEncodedAndDecoded() throws IOException, ImageException {
    try (AttributeTransfer transfer = transfer("hog", parameters(1, 0, 0));
        AttributeTransfer.Subject a = transfer.describe(photograph("6", "source"));
        AttributeTransfer.Subject b = transfer.describe(photograph("6", "target"))) {
      RgbImage result = transfer.transfer(a, b, Optional.empty()).orElseThrow().stylised();
      assertThat(result.pixels()).isEqualTo(codec().decode(a.style()).pixels());
    }
  }

  @Test
  void productsOfMixedFeaturesAreMixedCosines() {
    try (ImageFeatures a = features(0.6f, 0.8f);
        ImageFeatures b = features(1, 0);
        ImageFeatures mixed = a.mixed(b, 0.25)) {
      double[] target = {0.8, 0.6};
      INDArray values = mixed.vectors().get(0);
      double product = values.getDouble(0, 0) * target[0] + values.getDouble(0, 1) * target[1];
      double equation5 = 0.75 * (0.6 * 0.8 + 0.8 * 0.6) + 0.25 * 0.8;
      assertThat(product).isCloseTo(equation5, within(1e-6));
    }
  }

  private static ImageFeatures features(float... cell) {
    INDArray values = Nd4j.createFromArray(cell).reshape('c', 1, cell.length).dup('c');
    return new CellFeatures(
        new Size(8, 8), List.of(new FeatureMap("tap", new Size(1, 1), cell.length, values)));
  }

  @Test
  void lambdaIsThePapersTimesTheStrength() {
    assertThat(parameters(3, 1, 0).lambda(2)).isCloseTo(0.8647, within(1e-4));
    assertThat(parameters(3, 0.5, 0).lambda(1)).isCloseTo(0.3161, within(1e-4));
    assertThatThrownBy(() -> parameters(0, 1, 0))
        .hasMessage("Invalid iterations: must be 1 to 10, found 0");
    assertThatThrownBy(() -> parameters(1, 1.5, 0)).hasMessageContaining("strength");
  }

  private static double difference(RgbImage a, RgbImage b) {
    double sum = 0;

    for (int i = 0; i < a.pixels().length; i++) {
      sum += Math.abs((a.pixels()[i] & 0xff) - (b.pixels()[i] & 0xff));
    }

    return sum / a.pixels().length;
  }

  private static AttributeParameters parameters(int iterations, double strength, int steps) {
    return new AttributeParameters(256, iterations, strength, 0.5, 3, 2, steps, 0, 2);
  }

  private static StyleCodec codec() {
    return new StyleCodec(SharedData.path("weights/vgg19-normalised-relu3_1.safetensors"));
  }

  private static AttributeTransfer transfer(String backbone, AttributeParameters parameters) {
    MethodFiles files =
        backbone.equals("hog")
            ? MethodFiles.NONE
            : MethodFiles.NONE.withWeights(
                SharedData.path("weights/resnet50v2-layer3.safetensors"));
    return new AttributeTransfer(
        DenseFlow.matcher("guided", files, "backbone.name=" + backbone), codec(), parameters);
  }

  private static RgbImage photograph(String pair, String role) throws IOException, ImageException {
    Path file = SharedData.path("demo-pairs/analogy_%s_%s.png".formatted(pair, role));
    return ImageDecoder.decode(Files.readAllBytes(file), ImageLimits.DEFAULT).image();
  }
}

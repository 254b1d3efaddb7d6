package org.denseflow.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.SharedData;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StyleCodecTest {
  @TempDir private Path folder;

  @Test
  void aPhotographComesBack() throws IOException, ImageException {
    StyleCodec codec =
        new StyleCodec(SharedData.path("weights/vgg19-normalised-relu3_1.safetensors"));

    for (String name : List.of("cat.png", "analogy_6_source.png", "dog_00.jpg")) {
      byte[] file = Files.readAllBytes(SharedData.path("demo-pairs/" + name));
      RgbImage photograph = ImageDecoder.decode(file, ImageLimits.DEFAULT).image();
      Size size = codec.workingSize(photograph, 256);
      RgbImage back = codec.decode(codec.encode(photograph, size));
      double quality = psnr(Resize.toRgb(photograph, size.width(), size.height()), back);
      System.out.printf("relu3_1 and back, %s: %.1f dB%n", name, quality);
      assertThat(quality).isGreaterThan(24);
    }
  }

  private static double psnr(RgbImage a, RgbImage b) {
    double sum = 0;

    for (int i = 0; i < a.pixels().length; i++) {
      double difference = (a.pixels()[i] & 0xff) - (b.pixels()[i] & 0xff);
      sum += difference * difference;
    }

    return 10 * Math.log10(255.0 * 255 * a.pixels().length / sum);
  }

  @Test
  void sidesAreMultiplesOfTheStrideAndNoLongerThanAsked() throws IOException {
    StyleCodec codec = new StyleCodec(file(random(StyleShape.RELU3_1)));
    assertThat(codec.workingSize(image(300, 200), 150)).isEqualTo(new Size(148, 100));
    assertThat(codec.workingSize(image(30, 20), 150)).isEqualTo(new Size(32, 20));
    assertThat(codec.workingSize(image(1, 900), 150)).isEqualTo(new Size(8, 148));
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() throws IOException {
    Map<String, Tensor> tensors = random(StyleShape.RELU3_1);
    tensors.remove("decoder.conv2_1.bias");
    Path file = file(tensors);
    assertThatThrownBy(() -> new StyleCodec(file))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("missing decoder.conv2_1.bias");
    tensors.keySet().removeIf(name -> name.startsWith("decoder."));
    Path encoder = file(tensors);
    assertThatThrownBy(() -> new StyleCodec(encoder))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("an encoder without a decoder")
        .hasMessageContaining("--preset codec");
  }

  @Test
  void reluFourOneIsAnEighthOfTheImage() throws IOException {
    StyleCodec codec = new StyleCodec(file(random(StyleShape.RELU4_1)));
    StyleFeatures features = codec.encode(image(24, 16), new Size(24, 16));
    assertThat(features.width()).isEqualTo(3);
    assertThat(features.height()).isEqualTo(2);
    assertThat(features.channels()).isEqualTo(512);
    assertThat(codec.decode(features).width()).isEqualTo(24);
  }

  @Test
  void namesOfOtherFilesAreTheSameEncoder() throws IOException {
    Map<String, Tensor> own = random(StyleShape.RELU4_1);
    own.put(
        "encoder.colour.weight",
        new Tensor(
            new int[] {3, 3, 1, 1},
            new float[] {1 / 0.229f, 0, 0, 0, 1 / 0.224f, 0, 0, 0, 1 / 0.225f}));
    own.put(
        "encoder.colour.bias",
        new Tensor(
            new int[] {3}, new float[] {-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f}));
    List<String> layers =
        own.keySet().stream()
            .filter(name -> name.matches("encoder[.]conv.*weight"))
            .map(name -> name.replace(".weight", ""))
            .toList();
    Map<String, Tensor> torchvision = new LinkedHashMap<>();
    Map<String, Tensor> normalised = new LinkedHashMap<>();
    int[] features = {0, 2, 5, 7, 10, 12, 14, 16, 19};
    int[] sequence = {2, 5, 9, 12, 16, 19, 22, 25, 29};

    for (String part : List.of(".weight", ".bias")) {
      normalised.put("0" + part, own.get("encoder.colour" + part));

      for (int i = 0; i < layers.size(); i++) {
        torchvision.put("features." + features[i] + part, own.get(layers.get(i) + part));
        normalised.put(sequence[i] + part, own.get(layers.get(i) + part));
      }
    }

    Map<String, Tensor> expected = StyleWeights.read(file(own)).tensors();

    for (Map<String, Tensor> other : List.of(torchvision, normalised)) {
      StyleWeights read = StyleWeights.read(file(other));
      assertThat(read.shape()).isEqualTo(StyleShape.RELU4_1);
      assertThat(read.hasDecoder()).isFalse();
      assertThat(read.tensors().keySet()).allMatch(name -> name.startsWith("encoder."));
      // AssertJ compares long arrays in quadratic time
      read.tensors()
          .forEach(
              (name, tensor) ->
                  assertThat(Arrays.equals(tensor.values(), expected.get(name).values()))
                      .as(name)
                      .isTrue());
      assertThat(read.arrays(1).get("decoder.conv4_1.weight").shape())
          .containsExactly(256, 512, 3, 3);
    }
  }

  private static Map<String, Tensor> random(StyleShape shape) {
    return NaiveLayers.random(shape.tensors(), new Random(1));
  }

  private Path file(Map<String, Tensor> tensors) throws IOException {
    Path file = Files.createTempFile(folder, "codec", ".safetensors");
    SafetensorsFile.write(file, tensors, Map.of());
    return file;
  }

  private static RgbImage image(int width, int height) {
    return new RgbImage(width, height, new byte[3 * width * height]);
  }
}

package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.SharedData;
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
      StyleCodec.Size size = StyleCodec.workingSize(photograph, 256);
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
  void sidesAreMultiplesOfFourAndNoLongerThanAsked() {
    assertThat(StyleCodec.workingSize(image(300, 200), 150))
        .isEqualTo(new StyleCodec.Size(148, 100));
    assertThat(StyleCodec.workingSize(image(30, 20), 150)).isEqualTo(new StyleCodec.Size(32, 20));
    assertThat(StyleCodec.workingSize(image(1, 900), 150)).isEqualTo(new StyleCodec.Size(8, 148));
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() throws IOException {
    Map<String, int[]> shapes = new LinkedHashMap<>(StyleNetwork.tensors());
    shapes.remove("decoder.conv2_1.bias");
    Map<String, Tensor> tensors = NaiveLayers.random(shapes, new Random(1));
    Path file = folder.resolve("less.safetensors");
    SafetensorsFile.write(file, tensors, Map.of());
    assertThatThrownBy(() -> new StyleCodec(file))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("missing decoder.conv2_1.bias");
  }

  private static RgbImage image(int width, int height) {
    return new RgbImage(width, height, new byte[3 * width * height]);
  }
}

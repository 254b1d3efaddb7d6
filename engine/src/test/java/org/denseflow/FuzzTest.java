package org.denseflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowFormatException;
import org.denseflow.flow.KittiFlow;
import org.denseflow.flow.NpyFlow;
import org.denseflow.flow.PixelFlow;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.MaskDecoder;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reads bytes in this module, on files that were damaged at random: see {@link Fuzzing}. */
class FuzzTest {
  private static final ImageLimits SMALL = new ImageLimits(1 << 20, 1 << 16, 1 << 10);

  /**
   * Pictures of 2^16 pixels, several times over, and what a reader and its library need besides.
   */
  private static final long IMAGE_BYTES = 24L << 20;

  private static final String LOSSY_WEBP = "lossy.webp";

  /** The WebP reader keeps 520 bytes for each pixel. */
  private static final long VP8_BYTES = 48L << 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state.pth",
        "legacy.pth",
        "hostile.pth",
        "hostile4.pth",
        "full-1.pth",
        "full-4.pth",
        "arrays.npz",
        "keras.h5",
        "kinds.h5",
        "cycle.h5",
        "external.h5"
      })
  void weights(String name) throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("/weights/" + name)) {
      weights(name, in.readAllBytes());
    }
  }

  @Test
  void weightsOfOurs() throws IOException {
    weights("safetensors", safetensors());
    weights("npy", NpyFlow.write(flow()));
  }

  /** Of an index beside a shard, which stays as it is. */
  @Test
  void index() throws IOException {
    safetensors();
    Path file = folder.resolve("model.safetensors.index.json");
    byte[] seed =
        "{\"metadata\":{\"total_size\":32},\"weight_map\":{\"conv.weight\":\"seed.safetensors\"}}"
            .getBytes(StandardCharsets.UTF_8);
    new Fuzzing("index of shards", 4 << 20, WeightException.class)
        .text(
            List.of(seed),
            bytes -> {
              Files.write(file, bytes);
              WeightFile.read(file);
            });
  }

  private void weights(String name, byte[] seed) {
    Path file = folder.resolve("damaged");
    new Fuzzing(name, 64 * (seed.length + (64 << 10)), WeightException.class)
        .bytes(
            List.of(seed),
            bytes -> {
              Files.write(file, bytes);
              WeightFile.read(file);
            });
  }

  @Test
  void flows() throws Exception {
    flows("flo", 1 << 20, FloFile.write(flow()), FloFile::read);
    flows("npy flow", 1 << 20, NpyFlow.write(flow()), NpyFlow::read);
    flows("png flow", 8 << 20, KittiFlow.write(flow()), KittiFlow::read);
  }

  private static void flows(String name, long most, byte[] seed, Fuzzing.Reader reader) {
    new Fuzzing(name, most, FlowFormatException.class).bytes(List.of(seed), reader);
  }

  @Test
  void images() throws IOException {
    for (String format : List.of("png", "jpeg", "gif", "bmp", "tiff")) {
      images(format, image(format));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LOSSY_WEBP, "lossless.webp", "cmyk.jpg"})
  void imagesOfOtherMakers(String name) throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("/images/" + name)) {
      images(name, in.readAllBytes());
    }
  }

  @Test
  void masks() throws IOException {
    for (String format : List.of("png", "gif", "bmp", "tiff")) {
      byte[] seed = image(format, BufferedImage.TYPE_BYTE_INDEXED);
      new Fuzzing(format + " mask", IMAGE_BYTES, ImageException.class)
          .bytes(
              List.of(seed),
              bytes -> MaskDecoder.decode(bytes, SMALL, Orientation.UPRIGHT, MaskRule.AUTO));
    }
  }

  private static void images(String name, byte[] seed) {
    new Fuzzing(name, name.equals(LOSSY_WEBP) ? VP8_BYTES : IMAGE_BYTES, ImageException.class)
        .bytes(List.of(seed), bytes -> ImageDecoder.decode(bytes, SMALL));
  }

  private byte[] safetensors() throws IOException {
    Path file = folder.resolve("seed.safetensors");
    SafetensorsFile.write(
        file,
        Map.of(
            "conv.weight", new Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}),
            "conv.bias", new Tensor(new int[] {2}, new float[] {7, 8})),
        Map.of("format", "pt"));
    return Files.readAllBytes(file);
  }

  private static PixelFlow flow() {
    float[] uv = new float[2 * 6 * 4];

    for (int i = 0; i < uv.length; i++) {
      uv[i] = i / 4f - 3;
    }

    return new PixelFlow(6, 4, uv);
  }

  private static byte[] image(String format) throws IOException {
    return image(format, BufferedImage.TYPE_INT_RGB);
  }

  private static byte[] image(String format, int type) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, type);

    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, i * 9871);
    }

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }
}

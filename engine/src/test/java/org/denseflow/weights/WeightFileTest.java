package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.denseflow.SharedData;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Formats against files that Python's pickle, zipfile and NumPy wrote, and against hostile bytes.
 */
class WeightFileTest {
  private static final int MUTATIONS = 3_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"state.pth", "legacy.pth"})
  void torchStateDictsKeepStridesOffsetsAndHalves(String file) throws Exception {
    WeightMap weights = WeightFile.read(resource(file));
    assertThat(weights.names())
        .containsExactly(
            "state_dict.conv.weight",
            "state_dict.conv.transposed",
            "state_dict.tail",
            "state_dict.half");
    assertThat(weights.take("state_dict.conv.weight", 2, 3).values())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(weights.take("state_dict.conv.transposed", 3, 2).values())
        .containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(weights.take("state_dict.tail", 2).values()).containsExactly(4, 5);
    assertThat(weights.take("state_dict.half", 3).values()).containsExactly(0.5f, -2, 65504);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hostile.pth", "hostile4.pth"})
  void nothingButTensorsIsEverConstructed(String file) {
    assertThatThrownBy(() -> WeightFile.read(resource(file)))
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.forbidden-global"))
        .hasMessageContaining("system");
  }

  @Test
  void numpyArraysOfEveryOrder() throws Exception {
    WeightMap weights = WeightFile.read(resource("arrays.npz"));
    assertThat(weights.take("c", 2, 3).values()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(weights.take("f", 2, 3).values()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(weights.take("big", 2).values()).containsExactly(1, 2);
  }

  @Test
  void safetensorsRoundTripWhateverTheHeaderLength() throws IOException {
    for (int pad = 0; pad < 200; pad++) {
      Path path = folder.resolve("t.safetensors");
      Tensor tensor = new Tensor(new int[] {2, 2}, new float[] {1, -2, 3.5f, 0});
      SafetensorsFile.write(
          path, Map.of("x".repeat(pad + 1), tensor), Map.of("note", "n".repeat(5 * pad)));
      WeightMap read = WeightFile.read(path);
      assertThat(read.take("x".repeat(pad + 1), 2, 2).values()).isEqualTo(tensor.values());
      assertThat(read.metadata()).containsEntry("note", "n".repeat(5 * pad));
    }
  }

  @Test
  void theDigestIsThatOfTheFile() throws IOException {
    Path path = folder.resolve("t.safetensors");
    SafetensorsFile.write(path, Map.of("a", new Tensor(new int[] {1}, new float[] {1})), Map.of());
    byte[] bytes = Files.readAllBytes(path);
    // The format by hand: length, header padded to 8 bytes, data.
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    int padded = (header.length() + 7) / 8 * 8;
    assertThat(bytes).hasSize(8 + padded + 4);
    assertThat(bytes[0] & 0xff).isEqualTo(padded);
    assertThat(new String(bytes, 8, header.length(), StandardCharsets.UTF_8)).isEqualTo(header);
    assertThat(WeightFile.read(path).digest()).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void halvesAreTheNearestOnesAndTiesGoToTheEven() throws IOException {
    Path path = folder.resolve("t.safetensors");
    // 1 + 2^-11 lies between 1 and 1 + 2^-10, 1 + 3 · 2^-11 between that and 1 + 2^-9; below 2^-14
    // the
    // distance is 2^-24.
    float[] values = {
      1, -2, 65504, 65519, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 0x1p-24f, 0x1.8p-24f, 0x1p-26f, -0.1f
    };
    float[] halves = {1, -2, 65504, 65504, 1, 1 + 0x1p-9f, 0x1p-24f, 0x1p-23f, 0, -0x1.998p-4f};
    Tensor tensor = new Tensor(new int[] {10}, values);
    SafetensorsFile.write(path, Map.of("a", tensor), Map.of(), Precision.HALF);

    assertThat(WeightFile.read(path).take("a", 10).values()).isEqualTo(halves);
    assertThat(Files.readString(path, StandardCharsets.ISO_8859_1)).contains("\"dtype\":\"F16\"");
    Tensor large = new Tensor(new int[] {1}, new float[] {65520});
    assertThatThrownBy(
            () -> SafetensorsFile.write(path, Map.of("a", large), Map.of(), Precision.HALF))
        .hasMessageContaining("65520");
  }

  @Test
  void everyHalfIsWrittenAsItself() throws IOException {
    ByteBuffer two = ByteBuffer.allocate(2);

    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = ElementType.F16.next(two.clear().putShort((short) bits).flip());

      if (Float.isFinite(value)) {
        assertThat(HalfFloat.of(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void aFileThatCouldNotBeReadIsNotWritten() throws IOException {
    Path path = folder.resolve("t.safetensors");
    Tensor broken = new Tensor(new int[] {2}, new float[] {1, Float.NaN});
    assertThatThrownBy(() -> SafetensorsFile.write(path, Map.of("a", broken), Map.of()))
        .hasMessageContaining("tensor a holds NaN");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theGivenNetworksAreRead() {
    WeightMap weights = WeightFile.read(SharedData.path("weights/squeezenet1_1.safetensors"));
    assertThat(weights.names()).hasSize(52);
    assertThatThrownBy(() -> weights.take("features.0.bias", 63))
        .hasMessageContaining("features.0.bias has shape [64], expected [63]");
    assertThatThrownBy(
            () -> weights.requireAll(Map.of("absent", new int[] {1}, "other", new int[0])))
        .hasMessageContaining("missing absent [1]")
        .hasMessageContaining("missing other []");
  }

  @Test
  void permuteMovesAxes() {
    Tensor tensor = new Tensor(new int[] {2, 3}, new float[] {0, 1, 2, 3, 4, 5});
    assertThat(tensor.permute(1, 0).values()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.pth", "legacy.pth", "arrays.npz", "t.safetensors"})
  void mutatedBytesAreReadOrRefusedAndNothingElse(String file) throws Exception {
    Path original = folder.resolve("t.safetensors");
    SafetensorsFile.write(
        original, Map.of("a", new Tensor(new int[] {2}, new float[] {1, 2})), Map.of());
    byte[] bytes = Files.readAllBytes(file.equals("t.safetensors") ? original : resource(file));
    Random random = new Random(7);
    Path path = folder.resolve("mutated");

    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = bytes.clone();

      for (int k = random.nextInt(4); k >= 0; k--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }

      Files.write(path, mutated);

      try {
        assertThat(WeightFile.read(path).names()).isNotNull();
      } catch (WeightException e) {
        assertThat(e.code()).startsWith("weights.");
      }
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(WeightFileTest.class.getResource("/weights/" + name).toURI());
  }
}

package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.denseflow.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks in several files, by the index that Hugging Face's libraries write. */
class ShardIndexTest {
  private static final String INDEX =
      """
      {"metadata": {"total_size": 16}, "weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}
      """;

  @TempDir private Path folder;

  @Test
  void theTensorsOfAllShardsAreRead() throws IOException {
    shard("one", "a", 1);
    shard("two", "b", 2);
    WeightMap map = WeightFile.read(index(INDEX));
    assertThat(map.names()).containsExactly("a", "b");
    assertThat(map.take("b", 2).values()).containsExactly(2, 2);
    assertThat(WeightFile.shards(folder.resolve("model.safetensors.index.json")))
        .containsExactly("one.safetensors", "two.safetensors");
    assertThat(WeightFile.shards(folder.resolve("one.safetensors"))).isEmpty();
  }

  /** Python's: the SHA-256 of the lines "sha256:INDEX", "one.safetensors sha256:..." and so on. */
  @Test
  void theDigestIsOfAllFiles() throws IOException {
    shard("one", "a", 1);
    shard("two", "b", 2);
    Path index = index(INDEX);
    String before = WeightFile.read(index).digest();
    shard("two", "b", 3);
    String after = WeightFile.read(index).digest();
    assertThat(after).isNotEqualTo(before).matches("sha256:[0-9a-f]{64}");
    index(INDEX + "\n");
    assertThat(WeightFile.read(index).digest()).isNotEqualTo(after);
  }

  @Test
  void shardsOfPyTorchAreReadToo() throws IOException {
    Files.copy(
        Path.of(ShardIndexTest.class.getResource("/weights/big.pth").getPath()),
        folder.resolve("pytorch_model-00001-of-00001.bin"));
    Path index = index("{\"weight_map\":{\"conv.bias\":\"pytorch_model-00001-of-00001.bin\"}}");
    assertThat(WeightFile.read(index).take("conv.bias", 2).values()).containsExactly(7, 8);
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    shard("one", "a", 1);
    Path index = index(INDEX);
    assertThatThrownBy(() -> WeightFile.read(index))
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.missing"))
        .hasMessageContaining("the shard two.safetensors, which is not beside it");
    shard("two", "c", 2);
    assertThatThrownBy(() -> WeightFile.read(index))
        .hasMessageContaining("b lies in two.safetensors, which does not have it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.safetensors",
        "/outside.safetensors",
        "s3a://bucket/outside.safetensors",
        "sub/outside.safetensors",
        "sub\\\\outside.safetensors",
        "..",
        ""
      })
  void filesElsewhereAreNotRead(String shard) throws IOException {
    Path index = index("{\"weight_map\":{\"a\":\"%s\"}}".formatted(shard));
    assertThatThrownBy(() -> WeightFile.read(index))
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.outside"))
        .hasMessageContaining("shards are files beside the index");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"weight_map\":{}}; no \"weight_map\" with tensors",
        "{\"a\":1}; no \"weight_map\" with tensors",
        "{\"weight_map\":{\"a\":1}}; shards are files beside the index",
        "{\"weight_map\"; is not JSON",
        "{\"weight_map\":{\"a\":\"model.safetensors.index.json\"}}; not safetensors"
      })
  void whatIsNoIndexIsRefused(String text, String expected) throws IOException {
    Path index = index(text);
    assertThatThrownBy(() -> WeightFile.read(index))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void squeezenetInTwoShardsIsTheSameNetwork() {
    WeightMap whole = WeightFile.read(SharedData.path("weights/squeezenet1_1.safetensors"));
    WeightMap sharded =
        WeightFile.read(
            SharedData.path("cases/15-safetensors-sharded/model.safetensors.index.json"));
    assertThat(sharded.names()).containsExactlyInAnyOrderElementsOf(whole.names());
    whole
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(sharded.take(name, tensor.shape()).values()).isEqualTo(tensor.values()));
  }

  private void shard(String file, String tensor, float value) throws IOException {
    Tensor values = new Tensor(new int[] {2}, new float[] {value, value});
    SafetensorsFile.write(folder.resolve(file + ".safetensors"), Map.of(tensor, values), Map.of());
  }

  private Path index(String text) throws IOException {
    return Files.writeString(folder.resolve("model.safetensors.index.json"), text);
  }
}

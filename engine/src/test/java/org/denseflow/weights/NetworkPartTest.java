package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of a checkpoint that a network is, of a network with the tensors of {@link #NEEDED}. */
class NetworkPartTest {
  private static final Map<String, int[]> NEEDED =
      Map.of("conv.weight", new int[] {2}, "conv.bias", new int[] {2});

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "module.",
        "model.",
        "backbone.",
        "encoder.",
        "_orig_mod.",
        "feature_extractor.",
        "state_dict.",
        "model_state_dict.module.",
        "ema.",
        "state_dict.model.backbone.",
        "0."
      })
  void aCommonPrefixIsLeftOut(String prefix) {
    network(prefix, 3);
    add("head.weight", 7, 2);
    assertThat(value()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ema.", "state_dict_ema.", "model_ema.module.", "ema_model."})
  void averagedWeightsComeFirst(String averaged) {
    network("state_dict.", 1);
    network(averaged, 2);
    network("", 3);
    assertThat(value()).isEqualTo(2);
  }

  @Test
  void otherPartsThatDifferAreRefusedByName() {
    network("encoder_k.", 1);
    network("encoder_q.", 2);
    assertThatThrownBy(this::value)
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.ambiguous"))
        .hasMessageContaining("\"encoder_k.\", \"encoder_q.\"");
    network("encoder_q.", 1);
    assertThat(value()).isEqualTo(1);
  }

  @Test
  void aPartOfOtherShapesIsAnotherNetwork() {
    network("state_dict1.", 1);
    add("state_dict2.conv.weight", 2, 5);
    add("state_dict2.conv.bias", 2, 5);
    assertThat(value()).isEqualTo(1);
  }

  /** Infinite, of another type or of another module: nothing of it is read. */
  @Test
  void whatIsNotNeededMayBeAnything() {
    network("", 1);
    add("head.weight", Float.POSITIVE_INFINITY, 2);
    add("conv.num_batches_tracked", Float.NaN);
    add("teacher.conv.weight", 4, 2);
    assertThat(value()).isEqualTo(1);
    add("conv.weight", Float.NaN, 2);
    assertThatThrownBy(this::value)
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.not-finite"))
        .hasMessageContaining("tensor conv.weight holds NaN");
  }

  /** A ResNet-101 has all tensors of a ResNet-50, and computes something else. */
  @Test
  void moreOfItsOwnModulesIsALargerNetwork() {
    network("module.", 1);
    add("module.conv.more", 1, 2);
    assertThatThrownBy(this::value)
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.extra-tensor"))
        .hasMessageContaining("weights.pth (below module.)")
        .hasMessageContaining("unexpected conv.more [2]");
  }

  @Test
  void aMismatchListsTenOfEachKindAndTheNumberOfTheRest() {
    Map<String, int[]> needed = new LinkedHashMap<>();

    for (int i = 10; i < 25; i++) {
      needed.put("missing" + i, new int[] {1});
      needed.put("shaped" + i, new int[] {1});
      add("shaped" + i, 0, 2);
      add("other" + i, 0, 3);
    }

    assertThatThrownBy(() -> map().part(needed, needed))
        .hasMessageContaining("missing missing19 [1]\n  and 5 more missing")
        .hasMessageNotContaining("missing20")
        .hasMessageContaining("shaped19 has shape [2], expected [1]\n  and 5 more of another shape")
        .hasMessageNotContaining("shaped20")
        .hasMessageContaining("unexpected other19 [3]\n  and 5 more unexpected")
        .hasMessageNotContaining("other20");
  }

  /** A name of many points does not take the time of their square. */
  @Test
  void longNamesTakeNoTime() {
    network("a.".repeat(100_000), 1);
    assertThatThrownBy(this::value).hasMessageContaining("missing conv.");
  }

  /** Safetensors of a type that is not read (8 bits) beside those of one that is. */
  @Test
  void anotherTypeIsNoFaultUntilItIsNeeded() throws Exception {
    String header =
        """
        {"conv.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
        "conv.scale":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[4,6]},\
        "steps":{"dtype":"I64","shape":[],"data_offsets":[6,14]},\
        "flag":{"dtype":"BOOL","shape":[2],"data_offsets":[14,16]},\
        "brain":{"dtype":"BF16","shape":[1],"data_offsets":[16,18]}}""";
    byte[] file = new byte[8 + header.length() + 18];
    file[0] = (byte) header.length();
    file[1] = (byte) (header.length() >> 8);
    System.arraycopy(header.getBytes(), 0, file, 8, header.length());
    file[file.length - 1] = 0x3f;
    file[file.length - 2] = (byte) 0x80;
    WeightMap map = WeightFile.read(Files.write(folder.resolve("types.safetensors"), file));
    assertThat(map.names()).containsExactly("conv.weight", "steps", "flag", "brain");
    assertThat(map.take("brain", 1).values()).containsExactly(1);
    assertThatThrownBy(() -> map.take("conv.scale", 2))
        .hasMessageContaining("missing conv.scale [2], which is not read")
        .hasMessageContaining("F8_E4M3");
  }

  private void network(String prefix, float value) {
    add(prefix + "conv.weight", value, 2);
    add(prefix + "conv.bias", value, 2);
  }

  private void add(String name, float value, int... shape) {
    float[] values = new float[shape.length == 0 ? 1 : shape[0]];
    Arrays.fill(values, value);
    tensors.put(name, new Tensor(shape, values));
  }

  private float value() {
    return map().part(NEEDED, NEEDED).take("conv.weight", 2).values()[0];
  }

  private WeightMap map() {
    return new WeightMap("weights.pth", "none", tensors, Map.of());
  }
}

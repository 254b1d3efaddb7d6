package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;

/** A made checkpoint in the authors' layout, with two and three channels. */
class ReleasedCheckpointTest {
  private static final List<String> TAPS = List.of("conv4-23", "conv5-3");

  @Test
  void tensorsGetOurNamesAndLayout() {
    WeightMap layers = ReleasedCheckpoint.layers(checkpoint(), TAPS);

    // Value at [out, in, row, column] of the original: its place in row-major order.
    Tensor weight = layers.take("adapter.conv4-23.0.conv.weight", 5, 5, 2, 2);
    int row = 3;
    int column = 1;
    int in = 0;
    int out = 1;
    assertThat(weight.values()[((row * 5 + column) * 2 + in) * 2 + out])
        .isEqualTo(((out * 2 + in) * 5 + row) * 5 + column);
    assertThat(layers.names()).hasSize(20);
    layers.take("adapter.conv5-3.1.conv.weight", 3, 3, 3, 3);
    assertThat(layers.take("adapter.conv5-3.1.norm.weight", 3).values()).containsOnly(7);
    assertThat(layers.take("adapter.conv5-3.1.norm.bias", 3).values()).containsOnly(8);
    assertThat(layers.take("adapter.conv5-3.1.norm.running_var", 3).values()).containsOnly(3);
  }

  @Test
  void theMeanIsLessByTheBias() {
    WeightMap layers = ReleasedCheckpoint.layers(checkpoint(), TAPS);

    assertThat(layers.take("adapter.conv4-23.0.norm.running_mean", 2).values()).containsOnly(1.5f);
  }

  @Test
  void oneTapIsRefused() {
    assertThatThrownBy(() -> ReleasedCheckpoint.layers(checkpoint(), List.of("conv4-23")))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("two taps")
        .hasMessageContaining("[conv4-23]");
  }

  @Test
  void aMissingTensorIsNamed() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(checkpoint().tensors());
    tensors.remove("state_dict2.conv2.1.running_var");
    WeightMap part = new WeightMap("best_checkpoint.pt", "sha256:0", tensors, Map.of());

    assertThatThrownBy(() -> ReleasedCheckpoint.layers(part, TAPS))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("best_checkpoint.pt")
        .hasMessageContaining("state_dict2.conv2.1.running_var");
  }

  private static WeightMap checkpoint() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();

    for (int level = 1; level <= 2; level++) {
      int channels = level + 1;
      int kernel = level == 1 ? 5 : 3;

      for (int unit = 1; unit <= 2; unit++) {
        String name = "state_dict%d.conv%d.".formatted(level, unit);
        float[] weight = new float[channels * channels * kernel * kernel];

        for (int i = 0; i < weight.length; i++) {
          weight[i] = i;
        }

        int[] shape = {channels, channels, kernel, kernel};
        tensors.put(name + "0.weight", new Tensor(shape, weight));
        tensors.put(name + "0.bias", constant(channels, 0.5f));
        tensors.put(name + "1.weight", constant(channels, 7));
        tensors.put(name + "1.bias", constant(channels, 8));
        tensors.put(name + "1.running_mean", constant(channels, 2));
        tensors.put(name + "1.running_var", constant(channels, 3));
        tensors.put(name + "1.num_batches_tracked", new Tensor(new int[0], new float[] {160}));
      }
    }

    return new WeightMap("best_checkpoint.pt", "sha256:0", tensors, Map.of());
  }

  private static Tensor constant(int count, float value) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, value);
    return new Tensor(new int[] {count}, values);
  }
}

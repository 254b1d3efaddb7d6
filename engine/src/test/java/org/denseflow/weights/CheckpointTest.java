package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.denseflow.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checkpoints as training scripts leave them, in files that Python's pickle and zipfile wrote, with
 * objects of NumPy 2.4: {@code src/test/resources/weights/checkpoints.py} made them.
 */
class CheckpointTest {
  private static final Map<String, int[]> NEEDED =
      Map.of("conv.weight", new int[] {2, 3}, "conv.bias", new int[] {2});

  /**
   * NumPy scalars and arrays, a namespace, dates, sets, a random state, an optimiser's state, keys
   * that are no names, complex and quantised tensors; {@code conv.bias} is a parameter with
   * attributes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"full-1.pth", "full-2.pth", "full-3.pth", "full-4.pth", "full-5.pth"})
  void whatIsNoTensorIsPassedOver(String name) {
    WeightMap file = WeightFile.read(file(name));
    WeightMap part = file.part(NEEDED, NEEDED);
    assertThat(part.take("conv.weight", 2, 3).values()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(part.take("conv.bias", 2).values()).containsExactly(7, 8);
    assertThat(file.names())
        .containsExactlyInAnyOrder(
            "state_dict.module.conv.weight",
            "state_dict.module.conv.bias",
            "state_dict.module.conv.num_batches_tracked",
            "state_dict.module.broken",
            "history.0");
    assertThat(file.unread()).containsKeys("best", "args", "state_dict.module.complex");
  }

  @Test
  void aTensorBehindAnObjectCannotBeAskedFor() {
    WeightMap file = WeightFile.read(file("full-2.pth"));
    assertThatThrownBy(() -> file.take("state_dict.module.complex", 2))
        .hasMessageContaining("missing state_dict.module.complex [2]")
        .hasMessageContaining("which is not read: it has numbers of torch.ComplexFloatStorage");
    assertThatThrownBy(() -> file.take("args", 1))
        .hasMessageContaining("which is not read: it is an object of argparse.Namespace");
    assertThatThrownBy(() -> file.take("state_dict.module.broken", 2))
        .hasMessageContaining("state_dict.module.broken holds Infinity at index 1");
  }

  @Test
  void aWholePickledModelIsNotMade() {
    assertThatThrownBy(() -> WeightFile.read(file("model.pth")))
        .isInstanceOfSatisfying(
            WeightException.class, e -> assertThat(e.code()).isEqualTo("weights.forbidden-global"))
        .hasMessageContaining("an object of argparse.Namespace")
        .hasMessageContaining("torch.save(model.state_dict()");
  }

  /** Its entry {@code byteorder} says "big". */
  @Test
  void numbersOfBigEndianMachinesAreRead() {
    assertThat(WeightFile.read(file("big.pth")).take("conv.bias", 2).values())
        .containsExactly(7, 8);
  }

  /** The negated view of a tensor: {@code torch.save(torch.view_as_complex(x).conj().imag)}. */
  @Test
  void aTensorWithFlagsIsNotTakenForItsStorage() {
    assertThat(WeightFile.read(file("flags.pth")).unread()).containsOnlyKeys("conv.bias");
  }

  /** 21 times the same six numbers: a small file could ask for any memory so. */
  @Test
  void tensorsThatShareAStorageAreLimited() {
    assertThatThrownBy(() -> WeightFile.read(file("shared.pth")))
        .hasMessageContaining("more than 20 tensors share one storage, the last is 20");
  }

  @Test
  void theAuthorsCheckpointOfSfnetIsRead() {
    WeightMap file = WeightFile.read(SharedData.path("golden-sfnet/best_checkpoint.pt"));
    WeightMap dotted = WeightFile.read(SharedData.path("golden-sfnet/checkpoint.safetensors"));
    assertThat(file.names()).hasSize(28).contains("state_dict1.conv1.0.weight");
    dotted
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(file.take(name, tensor.shape()).values()).isEqualTo(tensor.values()));
  }

  private static Path file(String name) {
    return Path.of(CheckpointTest.class.getResource("/weights/" + name).getPath());
  }
}

package org.denseflow.jobs.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DevicePluginTest {

  @Test
  void anExecutorComputesOnWhatItWasGiven() {
    assertThat(device(true, 1)).isEmpty();
    assertThat(device(false, 4, "2")).contains(2);
    assertThat(device(false, 1, "3")).contains(0);
  }

  @Test
  void whatItCannotUseIsRefusedWithTheMend() {
    assertThatThrownBy(() -> device(true, 1, "0"))
        .hasMessageContaining("given GPU 0")
        .hasMessageContaining("-Pcuda");
    assertThatThrownBy(() -> device(false, 4, "0", "1"))
        .hasMessageContaining("given 2 GPUs")
        .hasMessageContaining("spark.executor.resource.gpu.amount to 1");
    assertThatThrownBy(() -> device(false, 4)).hasMessageContaining("given 0 GPUs");
    assertThatThrownBy(() -> device(false, 2, "2")).hasMessageContaining("sees 2");
    assertThatThrownBy(() -> device(false, 2, "GPU-7")).hasMessageContaining("GPU-7");
  }

  private static java.util.Optional<Integer> device(boolean cpu, int devices, String... addresses) {
    return DevicePlugin.device(addresses, cpu, devices);
  }
}

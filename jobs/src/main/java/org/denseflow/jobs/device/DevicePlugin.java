package org.denseflow.jobs.device;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pins each executor to the GPU that Spark gave it, before its first task: Spark itself never tells
 * a library which one to use, and ND4J would spread threads over all that it sees. An executor with
 * a GPU that cannot be used ends at once, with the reason, and not in the middle of a run. Set as
 * {@code spark.plugins}, with {@code spark.executor.resource.gpu.amount 1}.
 */
public final class DevicePlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(DevicePlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Pin();
  }

  private static final class Pin implements ExecutorPlugin {
    private Optional<Integer> device = Optional.empty();

    @Override
    public void init(PluginContext context, Map<String, String> configuration) {
      ResourceInformation gpu = context.resources().get("gpu");
      String[] addresses = gpu == null ? new String[0] : gpu.addresses();
      device =
          device(
              addresses,
              Nd4j.getEnvironment().isCPU(),
              Nd4j.getAffinityManager().getNumberOfDevices());
      LOG.info("Executor {}: {}", context.executorID(), device.map(d -> "GPU " + d).orElse("CPU"));
    }

    /** Spark calls it on the thread of the task. */
    @Override
    public void onTaskStart() {
      device.ifPresent(Nd4j.getAffinityManager()::unsafeSetDevice);
    }
  }

  /**
   * The device of an executor; empty if it was given none and computes on the CPU.
   *
   * @param addresses of the GPUs that Spark gave it
   * @param cpu whether ND4J's back end is for the CPU
   * @param devices that the back end sees
   * @throws IllegalStateException if it cannot compute on what it was given
   */
  static Optional<Integer> device(String[] addresses, boolean cpu, int devices) {
    if (cpu && addresses.length == 0) {
      return Optional.empty();
    }

    if (cpu) {
      throw new IllegalStateException(
          "This executor was given GPU %s, but ND4J's back end is for the CPU: build with mvn -Pcuda package, and put that lib/ on spark.executor.extraClassPath"
              .formatted(String.join(", ", addresses)));
    }

    if (addresses.length != 1) {
      throw new IllegalStateException(
          "This executor was given %d GPUs, it needs one: set spark.executor.resource.gpu.amount to 1, and more executors for more GPUs"
              .formatted(addresses.length));
    }

    int address;

    try {
      address = Integer.parseInt(addresses[0].strip());
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "Cannot use GPU %s: the discovery script must print indices".formatted(addresses[0]), e);
    }

    // In a container that sees one device alone, that one has index 0 whatever its address.
    int index = devices == 1 ? 0 : address;

    if (index < 0 || index >= devices) {
      throw new IllegalStateException(
          "Cannot use GPU %d: this executor sees %d".formatted(address, devices));
    }

    return Optional.of(index);
  }
}

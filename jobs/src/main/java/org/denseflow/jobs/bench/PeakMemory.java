package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest resident memory of work in a process of its own; on Linux. What a process took
 * before, and neither it nor its allocator gave back, would hide what work takes.
 */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private PeakMemory() {}

  /**
   * Runs a main class that ends with {@link #print}.
   *
   * @return megabytes
   */
  static double megabytes(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));

    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

      if (process.waitFor() != 0) {
        throw new IllegalStateException("Cannot measure memory: failed: " + command);
      }

      return Double.parseDouble(printed.substring(printed.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure memory", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot measure memory: interrupted", e);
    }
  }

  /** Prints the largest resident memory of this process so far, in megabytes. */
  static void print() throws IOException {
    String peak =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow(() -> new IOException("No VmHWM in " + STATUS));
    System.out.println(Double.parseDouble(peak.replaceAll("[^0-9]", "")) / 1024);
  }
}

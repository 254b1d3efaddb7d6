package org.denseflow.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    return Double.parseDouble(OwnProcess.lastLine(List.of(), main, arguments));
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

package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/** How much resident memory work takes at its peak; on Linux. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private PeakMemory() {}

  /**
   * By how many megabytes this process grows, at most.
   *
   * @param before is done first, and does not count
   */
  static double megabytes(Runnable before, Runnable work) {
    try {
      before.run();
      System.gc();
      giveBack();
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
      double resting = read("VmRSS:");
      work.run();
      return read("VmHWM:") - resting;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read this process's memory", e);
    }
  }

  /** What was freed before, and would hide what is taken now, goes back to the system. */
  private static void giveBack() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[0],
              new String[0]);
    } catch (JMException e) {
      throw new IllegalStateException("Cannot measure memory: needs JDK 17.0.9 or newer", e);
    }
  }

  private static double read(String key) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(key))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("no " + key));
  }
}

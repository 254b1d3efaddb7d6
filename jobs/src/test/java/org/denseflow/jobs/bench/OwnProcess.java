package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Work in a process of its own. */
final class OwnProcess {

  private OwnProcess() {}

  /**
   * Runs a main class with this process's class path and options.
   *
   * @param options more options of the JVM
   * @return the last line that it prints
   */
  static String lastLine(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    String printed =
        output(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)).strip();
    return printed.substring(printed.lastIndexOf('\n') + 1);
  }

  /**
   * Runs a process to its end.
   *
   * @return what it prints
   * @throws IllegalStateException if it fails
   */
  static String output(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "Cannot measure: failed: %s%n%s"
                .formatted(String.join(" ", builder.command()), printed));
      }

      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot measure: interrupted", e);
    }
  }
}

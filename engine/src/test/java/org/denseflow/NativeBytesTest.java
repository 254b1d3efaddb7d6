package org.denseflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory is where it was when what was trained, matched and transferred is closed. */
class NativeBytesTest {
  /** Scalars that SameDiff makes of numbers in a graph's formulas. */
  private static final long SMALL = 16 << 10;

  @TempDir Path folder;

  /**
   * Nothing is freed but what is closed. Making a gradient graph, SameDiff copies each parameter
   * once and forgets the copy: this much is left to the garbage collector.
   */
  @Test
  void closingFreesAll() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();

    for (String line : Files.readAllLines(output())) {
      if (line.contains("\t")) {
        lines.add(line);
        String[] parts = line.split("\t");
        long most = Long.parseLong(parts[2]) + SMALL;
        assertThat(Long.parseLong(parts[1])).as(parts[0]).isLessThanOrEqualTo(most);
      }
    }

    System.out.println("bytes left, and of parameters trained: " + lines);
    assertThat(lines).hasSize(12);
  }

  /** Of {@link NativeBytes} in a process whose garbage collector leaves arrays alone. */
  private Path output() throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-Dorg.nd4j.noarraygc=true",
                "-cp",
                System.getProperty("java.class.path"),
                NativeBytes.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    return output;
  }

  @Test
  void noCollectionIsAskedFor() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("System.gc()");
      }
    }
  }
}

package org.denseflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine works on the thread that calls it, so that a task stays on the cores it was given. */
class CoresTest {
  private static final Pattern COMMON_POOL =
      Pattern.compile(
          "\\.parallel\\(\\)|parallelStream\\(|Arrays\\.parallel|commonPool|CompletableFuture"
              + "|ForkJoin|Executors\\.|new Thread\\(");

  @Test
  void nothingRunsOnOtherThreads() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> COMMON_POOL.matcher(text(file)).find())
              .toList();
      assertThat(found).isEmpty();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

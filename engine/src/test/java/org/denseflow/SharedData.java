package org.denseflow;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Real data that is not part of the project; tests that need it are skipped where it is absent. */
public final class SharedData {

  private SharedData() {}

  /** A file or folder below the shared data; skips the calling test if it is not there. */
  public static Path path(String relative) {
    Path root =
        Optional.ofNullable(System.getenv("DENSEFLOW_SHARED"))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"));
    Path path = root.resolve("data").resolve(relative);
    assumeTrue(Files.exists(path), "shared data absent: " + relative);
    return path;
  }
}

package org.denseflow.jobs.dataset;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the development data; a test that needs it is skipped where there is none. */
final class SharedData {

  private SharedData() {}

  static Path folder(String name) {
    String root = System.getenv("DENSEFLOW_SHARED");
    Path base = root == null ? Path.of("..", "..", "shared") : Path.of(root);
    Path folder = base.resolve("data").resolve(name).toAbsolutePath().normalize();
    assumeTrue(Files.isDirectory(folder), () -> "no shared data at " + folder);
    return folder;
  }
}

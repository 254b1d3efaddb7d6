package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.denseflow.jobs.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  private static final RunIdentity RUN = new RunIdentity("a", "flows 1");

  @TempDir private Path folder;

  /** The local file system, on which each write breaks off after three bytes. */
  public static final class Breaking extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("breaking:///");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return broken(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return broken(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    private static FSDataOutputStream broken(OutputStream out) throws IOException {
      return new FSDataOutputStream(
          new OutputStream() {
            private int left = 3;

            @Override
            public void write(int b) throws IOException {
              if (left-- == 0) {
                throw new IOException("No space left on device");
              }

              out.write(b);
            }

            @Override
            public void close() throws IOException {
              out.close();
            }
          },
          null);
    }
  }

  @Test
  void aFileWhoseWriteBreaksOffIsNotThere() {
    Configuration broken = new Configuration();
    broken.setClass("fs.breaking.impl", Breaking.class, org.apache.hadoop.fs.FileSystem.class);
    String path = folder.resolve("out").toString();
    RunDirectory run = new RunDirectory("breaking://" + path, broken);
    assertThatThrownBy(() -> run.write("run.json", "{\"format\": 1}"))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("No space left on device");
    RunDirectory mended = new RunDirectory(path, new Configuration());
    assertThat(mended.read("run.json")).isEmpty();
    mended.write("run.json", "{\"format\": 1}");
    assertThat(mended.read("run.json")).contains("{\"format\": 1}");
    assertThat(folder.resolve("out").toFile().list()).doesNotContain(".run.json.unfinished");
  }

  @Test
  void whatExistsIsNotWrittenAgain() {
    RunDirectory run = new RunDirectory(folder.resolve("out").toString(), new Configuration());
    run.write("run.json", "first");
    assertThatThrownBy(() -> run.write("run.json", "second"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("it exists");
    assertThat(run.read("run.json")).contains("first");
  }

  @Test
  void whoLostADirectoryWritesNothingMore() throws Exception {
    try (RunDirectory run =
        new RunDirectory(folder.resolve("out").toString(), new Configuration())) {
      assertThat(run.claim(RUN, StartMode.NEW, null, System.err)).isFalse();
      run.write("plan.fingerprint", "a");
      Files.writeString(folder.resolve("out/_drivers/00002.json"), "{}");
      assertThatThrownBy(() -> run.write("run.json", "{}")).hasMessageContaining("taken over");
      assertThatThrownBy(() -> run.replace("a.png", new byte[1]))
          .hasMessageContaining("taken over");
      assertThatThrownBy(() -> run.chunk("png", 1).mark(0)).hasMessageContaining("taken over");
    }

    assertThat(folder.resolve("out").toFile().list()).doesNotContain("run.json", "a.png", "png");
  }

  @Test
  void aRunIsNotContinuedByAVersionWithOtherRows() {
    begin(RUN);
    assertThatThrownBy(() -> claim(new RunIdentity("b", "flows 2"), StartMode.RESUME))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("(flows 1; now flows 2)")
        .hasMessageContaining("--overwrite");
    assertThatThrownBy(() -> claim(new RunIdentity("b", "flows 1"), StartMode.RETRY_FAILED))
        .hasMessageContaining("another dataset, configuration or weights");
    assertThat(claim(RUN, StartMode.RESUME)).isTrue();
  }

  @Test
  void whatHoldsNoRunIsNeitherContinuedNorRemoved() throws Exception {
    Path notes = Files.createDirectories(folder.resolve("out/images")).resolve("cat.jpg");
    Files.writeString(notes, "mine");
    assertThatThrownBy(() -> claim(RUN, StartMode.OVERWRITE))
        .hasMessageContaining("no run was begun");
    assertThatThrownBy(() -> claim(RUN, StartMode.RESUME)).hasMessageContaining("no run was begun");
    assertThatThrownBy(() -> claim(RUN, StartMode.NEW)).hasMessageContaining("not empty");
    assertThat(notes).hasContent("mine");
  }

  @Test
  void onlyARunsOwnFilesAreRemoved() throws Exception {
    begin(RUN);
    Path out = folder.resolve("out");
    Files.createDirectories(out.resolve("flows/chunk=00000"));
    Files.writeString(out.resolve("run.json"), "{}");
    Path mine = Files.writeString(out.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> claim(RUN, StartMode.OVERWRITE)).hasMessageContaining("notes.txt");
    assertThat(out.resolve("flows/chunk=00000")).exists();
    Files.delete(mine);
    Path photo = Files.createDirectories(out.resolve("images")).resolve("cat.jpg");
    Files.writeString(photo, "mine");
    assertThatThrownBy(() -> claim(RUN, StartMode.OVERWRITE)).hasMessageContaining("images");
    assertThat(photo).exists();
    Files.delete(photo);
    ByteArrayOutputStream said = new ByteArrayOutputStream();

    try (RunDirectory run = new RunDirectory(out.toString(), new Configuration())) {
      assertThat(run.claim(RUN, StartMode.OVERWRITE, null, new PrintStream(said))).isFalse();
    }

    assertThat(out.toFile().list()).containsExactly("_drivers");
    assertThat(said.toString()).contains("flows/", "run.json", "plan.fingerprint");
  }

  @Test
  void whereNothingCanBeWrittenIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    RunDirectory run = new RunDirectory(file.resolve("out").toString(), new Configuration());
    assertThatThrownBy(() -> run.claim(RUN, StartMode.NEW, null, System.err))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Cannot write to file:" + file);
    assertThatThrownBy(() -> new RunDirectory("nosuch://host/out", new Configuration()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("nosuch");
  }

  private void begin(RunIdentity identity) {
    try (RunDirectory run =
        new RunDirectory(folder.resolve("out").toString(), new Configuration())) {
      run.claim(identity, StartMode.NEW, null, System.err);
      run.writeIdentity(identity);
    }
  }

  private boolean claim(RunIdentity identity, StartMode start) {
    try (RunDirectory run =
        new RunDirectory(folder.resolve("out").toString(), new Configuration())) {
      return run.claim(identity, start, null, System.err);
    }
  }

  @Test
  void aClaimAloneIsNoRun() {
    for (int i = 0; i < 2; i++) {
      try (RunDirectory run =
          new RunDirectory(folder.resolve("out").toString(), new Configuration())) {
        assertThat(run.claim(RUN, StartMode.NEW, null, System.err)).isFalse();
      }
    }
  }
}

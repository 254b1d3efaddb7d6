package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopFileStoreTest {

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @Test
  void readsPathsAndFileUrisAlikeWhateverTheName() throws Exception {
    Path odd = Files.writeString(root.resolve("a b%20(S):c.txt"), "hi");

    assertThat(files.text(odd.toString())).isEqualTo("hi");
    assertThat(files.text("file:" + odd)).isEqualTo("hi");
    assertThat(files.exists(odd.toString())).isTrue();
    assertThat(files.isDirectory(odd.toString())).isFalse();
    assertThat(files.list(root.toString())).containsExactly("a b%20(S):c.txt");
  }

  @Test
  void marksFoldersInAList() throws Exception {
    Files.createDirectory(root.resolve("b"));
    Files.writeString(root.resolve("a"), "");

    assertThat(files.list(root.toString())).containsExactly("a", "b/");
  }

  @Test
  void saysWhatCannotBeRead() {
    assertThatThrownBy(() -> files.read(root.toString())).hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> files.read(root + "/none"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(root + "/none: no such file");
    assertThatThrownBy(() -> files.list(root + "/none")).hasMessageContaining("no such folder");
    assertThatThrownBy(() -> files.read("nosuchscheme://bucket/key"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("nosuchscheme://bucket/key");
    assertThat(files.exists(root + "/none")).isFalse();
  }
}

package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets made to reach what they should not: other files, objects, all memory. */
class OutsideTheRootTest {

  @TempDir Path folder;

  private final FileStore files = new HadoopFileStore(new Configuration());
  private Path root;

  @BeforeEach
  void aFileBesideTheRoot() throws Exception {
    root = Files.createDirectories(folder.resolve("root"));
    Files.writeString(folder.resolve("outside.json"), "{}");
    Files.write(folder.resolve("outside_new.mat"), new byte[200]);
  }

  /** The annotation is there, and is not opened: its content is not what the message is about. */
  @ParameterizedTest
  @ValueSource(strings = {"../../../outside", "x/../../../../outside"})
  void aListCannotNameAnAnnotationOutside(String name) throws Exception {
    write("Layout/large/test.txt", name);
    write("JPEGImages/x", "");
    assertRefused("spair", "PairAnnotation/test/" + name + ".json");
  }

  @Test
  void anAnnotationCannotNameAnImageOutside() throws Exception {
    write("Layout/large/test.txt", "1");
    write("JPEGImages/x", "");
    write(
        "PairAnnotation/test/1.json",
        """
        {"category": "..", "src_imname": "../../outside", "trg_imname": "b.jpg",
         "src_kps": [], "trg_kps": [], "src_bndbox": [0, 0, 1, 1], "trg_bndbox": [0, 0, 1, 1]}
        """);
    assertRefused("spair", "JPEGImages/../../../outside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../outside.jpg", "/outside.jpg", "s3a://bucket/outside.jpg", "file:///x"})
  void aBenchmarksListCannotNameAFileOutside(String name) throws Exception {
    write("test_pairs_pascal_parts.csv", "a,b\n" + name + ",b.jpg\n");
    int dot = name.lastIndexOf('.') < name.lastIndexOf('/') ? name.length() : name.lastIndexOf('.');
    assertRefused("pascal-parts", name.substring(0, dot) + "_new.mat");
    write("test_pairs.csv", "a,b,class,XA,YA,XB,YB\n" + name + ",b.jpg,1,1,1,1,1\n");
    assertRefused("pf-pascal", name);
  }

  /** These lists are the user's own. */
  @Test
  void aPairListMayNameAnyFile() throws Exception {
    write("pairs.csv", "source,target\n/data/a.png,../b.png\n");
    assertThat(Datasets.open("pairs:" + root, files).pairs().get(0).source())
        .isEqualTo("/data/a.png");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://KEYID:hidden@bucket/a",
        "s3a://KEYID:hid/den@bucket/a",
        "hdfs://hidden@h/a",
        "abfss://KEYID:hidden@account/a"
      })
  void aPathWithCredentialsIsRefusedWithoutRepeatingThem(String uri) throws Exception {
    assertCredentialsRefused("pairs:" + uri);
    write("pairs.csv", "source,target\n" + uri + ",b.png\n");
    assertCredentialsRefused("pairs:" + root);
  }

  private void assertCredentialsRefused(String dataset) {
    assertThatThrownBy(() -> Datasets.open(dataset, files))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("it holds credentials")
        .hasMessageNotContainingAny("KEYID", "hid", "den@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://host:8020/a@b:c",
        "hdfs://[::1]:8020/a",
        "abfss://container@account.dfs.core.windows.net/a",
        "/a/000001-a-b:cat"
      })
  void portsAndContainersAreNoCredentials(String uri) {
    assertThat(FileStore.absolute(uri)).isEqualTo(uri);
  }

  /** A serialised java.util.HashMap, and a MATLAB object, where keypoints should be. */
  @ParameterizedTest
  @ValueSource(strings = {"java.mat", "mcos.mat"})
  void objectsOfMatlabAreNotRead(String name) throws Exception {
    try (InputStream in = getClass().getResourceAsStream("/mat/" + name)) {
      MatAnnotation annotation = MatAnnotation.read(name, in.readAllBytes());
      assertThatThrownBy(annotation::keypoints)
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining("no matrix named keypts");
    }
  }

  /** SciPy's arrays: keypts [[1.5, 2, 3], [4, 5.25, 6]], the second point absent. */
  @ParameterizedTest
  @ValueSource(strings = {"parts.mat", "compressed.mat", "kinds.mat"})
  void whatSciPyWritesIsRead(String name) throws Exception {
    try (InputStream in = getClass().getResourceAsStream("/mat/" + name)) {
      MatAnnotation annotation = MatAnnotation.read(name, in.readAllBytes());
      assertThat(annotation.keypoints().x()).containsExactly(1.5, Double.NaN, 3);
      assertThat(annotation.keypoints().y()).containsExactly(4, Double.NaN, 6);
      assertThat(annotation.parts()).hasSize(2);
      assertThat(annotation.parts().get(1)).isEmpty();
    }
  }

  /** 400 KB that announce 2 GB, and 300 bytes that announce 200 MB. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 200 << 20})
  void aCompressedArrayCannotAnnounceAllMemory(int announced) throws Exception {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();

    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(14)
              .putInt(announced)
              .array());
      out.write(new byte[announced == Integer.MAX_VALUE ? 400 << 20 : 1000]);
    }

    byte[] file = Arrays.copyOf(new byte[126], 136 + deflated.size());
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(126, new byte[] {'I', 'M'})
        .putInt(128, 15)
        .putInt(132, deflated.size())
        .put(136, deflated.toByteArray());
    assertThatThrownBy(() -> MatAnnotation.read("a.mat", file))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("it would unpack to");
  }

  private void assertRefused(String layout, String path) {
    assertThatThrownBy(() -> Datasets.open(layout + ":" + root, files))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("'" + path + "' is not below it")
        .hasMessageContaining(root.toString());
  }

  private void write(String path, String text) throws Exception {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }
}

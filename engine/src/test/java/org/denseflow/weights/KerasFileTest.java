package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keras' layout, in files that the HDF5 library 1.12.1 wrote. */
class KerasFileTest {

  @TempDir private Path folder;

  /** Its model_config has a Lambda layer with code and a layer that names os.system. */
  @Test
  void dataSetsAreNamedByTheirPath() {
    WeightMap weights = WeightFile.read(file("keras.h5"));
    assertThat(weights.names())
        .containsExactlyInAnyOrder("conv1/conv1/kernel:0", "conv1/conv1/bias:0");
    assertThat(weights.take("conv1/conv1/kernel:0", 1, 1, 2, 3).values())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(weights.take("conv1/conv1/bias:0", 3).values()).containsExactly(7, 8, 9);
    assertThat(weights.metadata()).isEmpty();
  }

  @Test
  void numbersOfAllKindsAreRead() {
    WeightMap weights = WeightFile.read(file("kinds.h5"));
    assertThat(weights.take("dense/double", 2).values()).containsExactly(1.5f, -2.25f);
    assertThat(weights.take("dense/compact", 2, 2).values()).containsExactly(1, -2, 3, -4);
    assertThat(weights.take("dense/bytes", 3).values()).containsExactly(0, 127, 255);
    assertThat(weights.take("dense/scalar").values()).containsExactly(12);

    for (int k = 0; k < 40; k++) {
      assertThat(weights.take("dense/many" + k, 1).values()).containsExactly(k);
    }
  }

  /** external.h5 keeps its values in /etc/passwd, elsewhere.h5 links to /data/other.h5. */
  @ParameterizedTest
  @CsvSource({
    "external.h5, weights.unsupported, dense/kernel:0 has no values in this file",
    "elsewhere.h5, weights.unsupported, links to other files are not followed",
    "link.h5, weights.unsupported, again:0 is a link",
    "cycle.h5, weights.malformed, again and again",
    "chunked.h5, weights.unsupported, h5repack -l CONTI",
    "latest.h5, weights.unsupported, it has superblock 3",
    "text.h5, weights.unsupported, dense/names holds elements of type class 3"
  })
  void whatKerasDoesNotWriteIsRefused(String name, String code, String expected) {
    assertThatThrownBy(() -> WeightFile.read(file(name)))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(expected)
        .extracting(e -> ((WeightException) e).code())
        .isEqualTo(code);
  }

  @Test
  void aBrokenFileIsRefused() throws Exception {
    Path path = folder.resolve("broken.h5");
    Files.write(path, new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0, 0, 1, 2});
    assertThatThrownBy(() -> WeightFile.read(path))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("the HDF5 file of 12 bytes announces 96 at 0");
  }

  /** The group's tree says of itself that it lies below itself, ten times. */
  @Test
  void aTreeThatHoldsItselfIsRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(file("kinds.h5"));
    int tree = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("TREE", 1000);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int children = file.getShort(tree + 6);
    file.put(tree + 5, (byte) 1);

    for (int i = 0; i < children; i++) {
      file.putLong(tree + 32 + 16 * i, tree);
    }

    Path path = Files.write(folder.resolve("tree.h5"), bytes);
    assertThat(children).isEqualTo(10);
    assertThatThrownBy(() -> WeightFile.read(path))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("the HDF5 file has a broken tree");
  }

  /** More than an array has room for; the file takes no space on disk. */
  @Test
  void valuesThatNoArrayHoldsAreRefused() throws Exception {
    try (RandomAccessFile large = new RandomAccessFile(folder.resolve("large.h5").toFile(), "rw")) {
      large.setLength(1L << 32);
      Hdf5File file = new Hdf5File(large.getChannel());
      assertThatThrownBy(() -> file.values(0, 1L << 31))
          .isInstanceOf(WeightException.class)
          .hasMessageContaining("it has a piece of 2147483648 bytes, readable are 2147483639");
    }
  }

  private static Path file(String name) {
    return Path.of(KerasFileTest.class.getResource("/weights/" + name).getPath());
  }
}

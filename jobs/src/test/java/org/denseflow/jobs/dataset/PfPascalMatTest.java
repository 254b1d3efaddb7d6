package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** PF-PASCAL's lists without points, with annotations that another library writes. */
class PfPascalMatTest {
  private static final String IMAGES = "PF-dataset-PASCAL/JPEGImages/";
  private static final String ANNOTATIONS = "PF-dataset-PASCAL/Annotations/cat/";

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @Test
  void pointsAndBoxComeFromTheAnnotationFiles() throws Exception {
    mat("a", new double[][] {{11, 21}, {Double.NaN, Double.NaN}, {13, 23}});
    mat("b", new double[][] {{31, 41}, {32, 42}, {33, 43}});

    for (String category : List.of("8", "cat", "Cat")) {
      list(
          "source_image,target_image,class",
          "%sa.jpg,%sb.jpg,%s".formatted(IMAGES, IMAGES, category));

      ImagePair pair = Datasets.open("pf-pascal:" + root, files).pairs().get(0);

      assertThat(pair.category()).isEqualTo("cat");
      Keypoints a = pair.annotation().source().keypoints().orElseThrow();
      assertThat(a.x()).containsExactly(11, Double.NaN, 13);
      assertThat(a.y()).containsExactly(21, Double.NaN, 23);
      assertThat(pair.annotation().target().keypoints().orElseThrow().y())
          .containsExactly(41, 42, 43);
      assertThat(pair.annotation().target().box()).contains(new Box(1, 2, 101, 52));
      Size size = new Size(200, 100);
      assertThat(pair.keypoints(size, size).orElseThrow().tally())
          .isEqualTo(new KeypointTally(2, 1, 0, 0));
    }
  }

  @Test
  void aFourthColumnFlipMarksCopiesForTraining() throws Exception {
    mat("a", new double[][] {{11, 21}});
    mat("b", new double[][] {{31, 41}});
    list(
        "source_image,target_image,class,flip",
        "%1$sa.jpg,%1$sb.jpg,8,0%n%1$sa.jpg,%1$sb.jpg,8,1".formatted(IMAGES));

    assertThat(Datasets.openForTraining("pf-pascal:" + root, files).pairs())
        .extracting(pair -> pair.annotation().mirror())
        .containsExactly(PairAnnotation.Mirror.NONE, PairAnnotation.Mirror.BOTH);
    assertThat(Datasets.open("pf-pascal:" + root, files).pairs()).hasSize(1);
  }

  @Test
  void whatIsMissingOrUnevenIsNamed() throws Exception {
    mat("a", new double[][] {{11, 21}});
    list("source_image,target_image,class", "%sa.jpg,%sb.jpg,8".formatted(IMAGES, IMAGES));

    assertThatThrownBy(() -> Datasets.open("pf-pascal:" + root, files))
        .hasMessageContaining(ANNOTATIONS + "b.mat: no such file")
        .hasMessageContaining("XA, YA, XB, YB");

    mat("b", new double[][] {{31, 41}, {32, 42}});

    assertThatThrownBy(() -> Datasets.open("pf-pascal:" + root, files))
        .hasMessageContaining("line 2, column target_image: 2 points, the source has 1");

    Files.writeString(root.resolve(ANNOTATIONS + "b.mat"), "no MATLAB file");

    assertThatThrownBy(() -> Datasets.open("pf-pascal:" + root, files))
        .hasMessageContaining("b.mat: not a PF-PASCAL annotation");
  }

  private void list(String header, String rows) throws Exception {
    Files.writeString(root.resolve("test_pairs.csv"), header + "\n" + rows + "\n");
  }

  private void mat(String name, double[][] points) throws Exception {
    Matrix kps = Mat5.newMatrix(points.length, 2);
    Matrix box = Mat5.newMatrix(1, 4);
    double[] corners = {1, 2, 101, 52};

    for (int k = 0; k < points.length; k++) {
      kps.setDouble(k, 0, points[k][0]);
      kps.setDouble(k, 1, points[k][1]);
    }

    for (int i = 0; i < 4; i++) {
      box.setDouble(0, i, corners[i]);
    }
    Path file = root.resolve(ANNOTATIONS + name + ".mat");
    Files.createDirectories(file.getParent());

    try (var sink = Sinks.newStreamingFile(file.toFile())) {
      Mat5.newMatFile().addArray("kps", kps).addArray("bbox", box).writeTo(sink);
    }
  }
}

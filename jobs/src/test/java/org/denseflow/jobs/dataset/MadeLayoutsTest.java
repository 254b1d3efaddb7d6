package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.metrics.Keypoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

/** Layouts without real data here, as their authors describe them. */
class MadeLayoutsTest {

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @Test
  void spairReadsAnnotationsWithAColonInTheirName() throws Exception {
    write("Layout/large/test.txt", "000001-a-b:cat\n");
    write(
        "PairAnnotation/test/000001-a-b:cat.json",
        """
        {"category": "cat", "src_imname": "a.jpg", "trg_imname": "b.jpg",
         "src_kps": [[1, 2], [3.5, 4]], "trg_kps": [[5, 6], [7, 8]],
         "src_bndbox": [0, 0, 10, 20], "trg_bndbox": [1, 2, 31, 12], "viewpoint_variation": 1}
        """);
    write("JPEGImages/cat/a.jpg", "");

    ImagePair pair = only("spair");

    assertThat(pair.pairId()).isEqualTo("000001-a-b:cat");
    assertThat(pair.category()).isEqualTo("cat");
    assertThat(pair.source()).endsWith("/JPEGImages/cat/a.jpg").matches(files::exists);
    assertThat(pair.target()).endsWith("/JPEGImages/cat/b.jpg");
    assertThat(pair.annotation().source().keypoints().orElseThrow().x()).containsExactly(1, 3.5);
    assertThat(pair.annotation().target().keypoints().orElseThrow().y()).containsExactly(6, 8);
    assertThat(pair.annotation().target().box().orElseThrow().width()).isEqualTo(30);
  }

  @Test
  void caltechReadsQuotedPolygons() throws Exception {
    write(
        "test_pairs_caltech_with_category.csv",
        """
        source_image,target_image,class,XA,YA,XB,YB
        101_ObjectCategories/ant/1.jpg,101_ObjectCategories/ant/2.jpg,5,"1,4,4","1,1,5","0,2,2,0","0,0,2,2"
        """);

    ImagePair pair = only("caltech101");

    assertThat(pair.category()).isEqualTo("ant");
    assertThat(pair.annotation().source().polygons().get(0).x()).containsExactly(1, 4, 4);
    Mask square = Polygons.rasterise(pair.annotation().target().polygons(), new Size(4, 3));
    assertThat(square.inside())
        .containsExactly(
            true, true, false, false, true, true, false, false, false, false, false, false);
  }

  @Test
  void polygonsAgreeWithATestOfEachPixel() {
    // a star with a concave outline: each pixel's crossings to its right, counted one by one
    double[] x = {10.3, 12.7, 19.1, 13.9, 15.5, 10.2, 4.6, 6.4, 1.2, 7.8};
    double[] y = {1.1, 7.4, 7.7, 11.6, 18.3, 14.2, 18.4, 11.3, 7.6, 7.2};
    Mask mask = Polygons.rasterise(List.of(new Keypoints(x, y)), new Size(20, 20));

    for (int py = 0; py < 20; py++) {
      for (int px = 0; px < 20; px++) {
        boolean odd = false;

        for (int k = 0, j = 9; k < 10; j = k++) {
          double crossing = (x[j] - x[k]) * (py - y[k]) / (y[j] - y[k]) + x[k];
          odd ^= (y[k] > py) != (y[j] > py) && px < crossing;
        }
        assertThat(mask.at(px, py)).as("pixel %d, %d", px, py).isEqualTo(odd);
      }
    }
  }

  @Test
  void pascalPartsReadsMatFiles() throws Exception {
    write("test_pairs_pascal_parts.csv", "source,target\nbus/a.jpg,bus/b.jpg\n");
    writeParts("bus/a_new.mat", 1);
    writeParts("bus/b_new.mat", 0);

    ImagePair pair = only("pascal-parts");

    Keypoints source = pair.annotation().source().keypoints().orElseThrow();
    assertThat(source.x()).containsExactly(11, 12, 13);
    assertThat(source.y()).containsExactly(21, 22, 23);
    assertThat(pair.annotation().target().keypoints().orElseThrow().present(2)).isFalse();
    String parts = pair.annotation().source().partsUri().orElseThrow();
    Mask second = MatAnnotation.read(parts, files.read(parts)).parts().get(1).orElseThrow();
    assertThat(second.width()).isEqualTo(3);
    assertThat(second.at(2, 0)).isTrue();
    assertThat(second.at(0, 1)).isFalse();
  }

  @Test
  void aListNamesItsColumnsInAnyOrder() throws Exception {
    write(
        "pairs.csv",
        "\uFEFFtarget,source,category,source_mask,source_keypoints,target_keypoints\r\n"
            + "b.png,\"odd, name.png\",cat,m.png,1 2;nan nan,3 4;5 6\r\n"
            + "s3a://bucket/c.png,/data/a.png,,,,\r\n");

    List<ImagePair> pairs = open("pairs").pairs();

    assertThat(pairs.get(0).source()).isEqualTo(root + "/odd, name.png");
    assertThat(pairs.get(0).pairId()).isEqualTo("odd, name.png--b.png");
    assertThat(pairs.get(0).annotation().source().maskUri()).contains(root + "/m.png");
    assertThat(pairs.get(0).annotation().source().keypoints().orElseThrow().present(1)).isFalse();
    assertThat(pairs.get(1).source()).isEqualTo("/data/a.png");
    assertThat(pairs.get(1).target()).isEqualTo("s3a://bucket/c.png");
    assertThat(Datasets.open("pairs:" + root + "/pairs.csv", files).pairs()).hasSize(2);
  }

  @Test
  void relativeRootsBecomeAbsolute() throws Exception {
    write("pairs.csv", "source,target\na,b\n");
    Path relative = Path.of("").toAbsolutePath().relativize(root);

    Dataset dataset = Datasets.open("pairs:" + relative + "/", files);

    assertThat(dataset.root()).isEqualTo(root.toString());
    assertThat(dataset.pairs().get(0).source()).isEqualTo(root + "/a");
  }

  @Test
  void listsMayHaveSemicolonsOrTabsAndOtherNamesOfColumns() throws Exception {
    write("pairs.csv", "Source_Image;TRG;class\na,1.png;b.png;bird\n");
    assertThat(only("pairs").source()).isEqualTo(root + "/a,1.png");
    assertThat(only("pairs").category()).isEqualTo("bird");

    write("pairs.csv", "src\ttgt\na.png\tb.png\n");
    assertThat(only("pairs").pairId()).isEqualTo("a.png--b.png");
  }

  @Test
  void repeatedIdsAreNumberedInOrderAndNeverCollide() throws Exception {
    write("pairs.csv", "source,target,pair_id\na,b,x\na,b,x\na,c,x#2\na,d,x\n");

    assertThat(open("pairs").pairs().stream().map(ImagePair::pairId))
        .containsExactly("x", "x#3", "x#2", "x#4");
  }

  @Test
  void sfnetsEighthColumnIsTheSourceBox() throws Exception {
    write(
        "test_pairs.csv",
        "source_image,target_image,class,XA,YA,XB,YB,L\na.jpg,b.jpg,20,1;2,3;4,5;6,7;8,120.5\n");

    ImagePair pair = only("pf-pascal");

    assertThat(pair.category()).isEqualTo("tvmonitor");
    assertThat(pair.annotation().source().box().orElseThrow().height()).isEqualTo(120.5);
    assertThat(pair.annotation().target().box()).isEmpty();
  }

  @Test
  void theFlipColumnMarksCopiesForTraining() throws Exception {
    write(
        "train.csv",
        "source_image,target_image,class,XA,YA,XB,YB,flip\n"
            + "a.jpg,b.jpg,1,1,2,3,4,0\na.jpg,b.jpg,1,1,2,3,4,1\n");
    String address = "pf-pascal:" + root + "?list=train.csv";

    List<ImagePair> pairs = Datasets.openForTraining(address, files).pairs();

    assertThat(pairs.get(0).annotation().mirror()).isEqualTo(PairAnnotation.Mirror.NONE);
    assertThat(pairs.get(1).annotation().mirror()).isEqualTo(PairAnnotation.Mirror.BOTH);
    assertThat(pairs.get(1).pairId()).isEqualTo("a.jpg--b.jpg/flip");

    Dataset stored = Datasets.open(address, files);

    assertThat(stored.pairs()).hasSize(1);
    assertThat(stored.notes())
        .containsExactly(
            "left out: 1 (a.jpg--b.jpg/flip): mirrored copies of other pairs (column flip), made for training");
  }

  @Test
  void tssLeavesOutMirroredPairs() throws Exception {
    for (String pair : List.of("p0", "p1")) {
      for (String file :
          List.of("image1.png", "image2.png", "flow1.flo", "flow2.flo", "mask1.png", "mask2.png")) {
        write("FG3DCar/" + pair + "/" + file, "");
      }
      write("FG3DCar/" + pair + "/flip_gt.txt", pair.substring(1));
    }

    Dataset dataset = open("tss", "?directions=both");

    assertThat(dataset.pairs())
        .extracting(ImagePair::pairId)
        .containsExactly("FG3DCar/p0", "FG3DCar/p0/reverse");
    assertThat(dataset.notes())
        .containsExactly(
            "left out: 1 (FG3DCar/p1): pairs of objects mirrored to each other (flip_gt.txt), which no method matches");
  }

  @Test
  void aFolderWithoutSubFoldersIsOneCategory() throws Exception {
    write("b.JPG", "");
    write("a.png", "");
    write("a_mask.png", "");
    write("notes.txt", "");

    List<ImagePair> pairs = open("folder").pairs();

    assertThat(pairs.stream().map(ImagePair::pairId))
        .containsExactly("a.png--b.JPG", "b.JPG--a.png");
    assertThat(pairs.get(0).annotation().source().maskUri()).contains(root + "/a_mask.png");
  }

  @Test
  void masksOfFoldersCanLieInAFolderOfTheirOwn() throws Exception {
    write("images/cat/a.jpg", "");
    write("images/cat/b.jpg", "");
    write("images/dog/c.jpg", "");
    write("images/dog/d.jpg", "");
    write("masks/cat/a.png", "");

    List<ImagePair> pairs =
        Datasets.open("folder:" + root + "/images?masks=" + root + "/masks", files).pairs();

    assertThat(pairs.get(0).pairId()).isEqualTo("cat/a.jpg--cat/b.jpg");
    assertThat(pairs.get(0).annotation().source().maskUri()).contains(root + "/masks/cat/a.png");
    assertThat(pairs.get(0).annotation().target().maskUri()).isEmpty();
    assertThat(pairs.get(2).annotation().source().maskUri()).isEmpty();
  }

  @Test
  void pairsTravelBetweenProcesses() throws Exception {
    write("pairs.csv", "source,target,source_keypoints,target_keypoints\na,b,1 2,3 4\n");
    ImagePair pair = only("pairs");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(pair);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ImagePair copy = (ImagePair) in.readObject();
      assertThat(copy.pairId()).isEqualTo(pair.pairId());
      assertThat(copy.annotation().target().keypoints().orElseThrow().y()).containsExactly(4);
    }
  }

  @Test
  void unknownLayoutsAndOptionsListTheKnownOnes() {
    assertThatThrownBy(() -> Datasets.open("pfwillow:" + root, files))
        .hasMessageContaining("Invalid dataset layout: pfwillow")
        .hasMessageContaining("pf-willow");
    assertThatThrownBy(() -> Datasets.open("spair:" + root + "?spilt=val", files))
        .hasMessageContaining("spilt=val")
        .hasMessageContaining("[directions, size, split]");
    assertThatThrownBy(() -> Datasets.open("spair:" + root + "?split=validation", files))
        .hasMessageContaining("test, trn, val");
    assertThatThrownBy(() -> Datasets.open(root.toString(), files))
        .hasMessageContaining("LAYOUT:URI");
    assertThatThrownBy(() -> Datasets.open("cub:" + root + "/none", files))
        .hasMessageContaining(root + "/none: no such file; expected the root of a cub dataset");
  }

  private void writeParts(String path, int lastStatus) throws Exception {
    Matrix points = Mat5.newMatrix(2, 3);
    Matrix status = Mat5.newMatrix(1, 3);

    for (int k = 0; k < 3; k++) {
      points.setDouble(0, k, 11 + k);
      points.setDouble(1, k, 21 + k);
      status.setDouble(0, k, k == 2 ? lastStatus : 1);
    }
    // 2 rows, 3 columns, 2 parts; part 1 holds the pixel in row 0, column 2 alone
    Matrix masks = Mat5.newMatrix(new int[] {2, 3, 2});
    masks.setDouble(0 + 2 * (2 + 3), 1);
    Matrix maskStatus = Mat5.newMatrix(1, 2);
    maskStatus.setDouble(0, 0, 1);
    maskStatus.setDouble(0, 1, 1);
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());

    try (var sink = Sinks.newStreamingFile(file.toFile())) {
      Mat5.newMatFile()
          .addArray("keypts", points)
          .addArray("keypts_status", status)
          .addArray("part_mask", masks)
          .addArray("part_mask_status", maskStatus)
          .writeTo(sink);
    }
  }

  private ImagePair only(String layout) {
    List<ImagePair> pairs = open(layout).pairs();
    assertThat(pairs).hasSize(1);
    return pairs.get(0);
  }

  private Dataset open(String layout) {
    return open(layout, "");
  }

  private Dataset open(String layout, String options) {
    return Datasets.open(layout + ":" + root + "/" + options, files);
  }

  private void write(String path, String text) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

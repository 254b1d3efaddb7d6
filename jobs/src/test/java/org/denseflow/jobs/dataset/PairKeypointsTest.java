package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.Keypoints;
import org.denseflow.metrics.Pck;
import org.denseflow.metrics.Protocols;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keypoints of a pair count, worked out by hand. */
class PairKeypointsTest {
  private static final Size SIZE = new Size(200, 100);
  private static final FlowField IDENTITY =
      new FlowField(1, 1, new float[2], new float[1], new boolean[] {true});

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @ParameterizedTest
  @ValueSource(
      strings = {"nan nan", "null null", "-1 -1", "-2 -2", "0 0", "17 23 0", "-1 50", "500 20"})
  void aPointThatOneImageLacksIsAbsentInBoth(String lacking) throws Exception {
    write(
        "pairs.csv",
        "source,target,source_keypoints,target_keypoints\n"
            + "a,b,10 10;90 90;%s;50 50,10 10;90 70;60 60;50 50\n".formatted(lacking));

    PairKeypoints found = only("pairs").keypoints(SIZE, SIZE).orElseThrow();

    boolean outside = List.of("-1 50", "500 20").contains(lacking);
    assertThat(found.tally()).isEqualTo(new KeypointTally(3, outside ? 0 : 1, outside ? 1 : 0, 0));
    assertThat(found.pair().target().points().present(2)).isFalse();
    // the box of the target's other points is 80 x 60 wide; one of three errors is 20, not <= 8
    Pck.Score score = Pck.score(Protocols.named("pf-willow/bbox-kp"), IDENTITY, found.pair());
    assertThat(score.length()).isEqualTo(80);
    assertThat(score.correct()[1]).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[null, null]", "[NaN, NaN]", "[0, 0]", "[7, 7, 0]"})
  void spairsAbsentPoints(String absent) throws Exception {
    spair("[1, 2], %s, [3, 4]".formatted(absent), "\"src_imsize\": [200, 100, 3],");

    PairKeypoints found = only("spair").keypoints(SIZE, SIZE).orElseThrow();

    assertThat(found.tally()).isEqualTo(new KeypointTally(2, 1, 0, 0));
  }

  @Test
  void shrunkImagesAreMeasuredInTheAnnotationsPixels() throws Exception {
    spair(
        "[150, 80], [5, 6], [7, 8]", "\"src_imsize\": [200, 100, 3], \"trg_imsize\": [200, 100],");
    ImagePair pair = only("spair");

    PairKeypoints whole = pair.keypoints(SIZE, SIZE).orElseThrow();
    PairKeypoints half = pair.keypoints(new Size(100, 50), SIZE).orElseThrow();

    assertThat(whole.tally().resized()).isZero();
    assertThat(half.tally()).isEqualTo(new KeypointTally(3, 0, 0, 1));
    assertThat(half.tally().describe()).contains("measured in the annotation's pixels");
    assertThat(half.pair().source().width()).isEqualTo(200);
    assertThat(half.pair().source().points().x()).containsExactly(150, 5, 7);
  }

  @Test
  void imagesOfAnotherShapeAreRefused() throws Exception {
    spair("[1, 2], [3, 4], [5, 6]", "\"src_imsize\": [200, 100, 3],");
    ImagePair pair = only("spair");

    assertThatThrownBy(() -> pair.keypoints(new Size(100, 200), SIZE))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("a.jpg, which has 100x200 pixels: it is of 200x100 pixels");
  }

  @Test
  void sizesOfOneShapeDifferByLessThanAPixel() {
    Size annotated = new Size(500, 333);

    assertThat(new Size(64, 43).hasShapeOf(annotated)).isTrue();
    assertThat(new Size(64, 42).hasShapeOf(annotated)).isTrue();
    assertThat(new Size(1000, 667).hasShapeOf(annotated)).isTrue();
    assertThat(new Size(333, 500).hasShapeOf(annotated)).isFalse();
    assertThat(new Size(224, 224).hasShapeOf(annotated)).isFalse();
  }

  @Test
  void aBoxBeyondItsImageIsRefused() {
    ImageAnnotation annotation = ImageAnnotation.NONE.withBox(new Box(10, 10, 250, 90));

    assertThatThrownBy(() -> AnnotationFit.require("x.jpg", annotation, SIZE))
        .hasMessageContaining("x.jpg, which has 200x100 pixels: its box reaches to (250.0, 90.0)")
        .hasMessageContaining("use the images that were annotated");
    assertThat(AnnotationFit.problem(new Box(0, 0, 205, 103), SIZE)).isEmpty();
    // a square at the origin is SFNet's length, whatever its height
    assertThat(AnnotationFit.problem(new Box(0, 0, 180, 180), SIZE)).isEmpty();
    assertThat(AnnotationFit.problem(new Box(0, 0, 300, 300), SIZE)).isPresent();
  }

  @Test
  void manyPointsBeyondAnImageAreRefused() {
    ImageAnnotation two = points(new double[] {10, 250, 260}, new double[] {10, 10, 10});
    ImageAnnotation one = points(new double[] {10, 20, 260}, new double[] {10, 10, 10});

    assertThatThrownBy(() -> AnnotationFit.require("x.jpg", two, SIZE))
        .hasMessageContaining("2 of its 3 points lie right of or below the image");
    AnnotationFit.require("x.jpg", one, SIZE);
  }

  @Test
  void anOutlineBeyondItsImageIsRefused() {
    ImageAnnotation outline =
        ImageAnnotation.NONE.withPolygon(
            new Keypoints(new double[] {0, 199, 199}, new double[] {0, 0, 150}));

    assertThatThrownBy(() -> AnnotationFit.require("x.jpg", outline, SIZE))
        .hasMessageContaining("its outline reaches beyond");
  }

  @Test
  void theLastPixelIsInsideInBothBases() {
    ImageAnnotation edge = points(new double[] {199.5, 200}, new double[] {100, 0.5});
    ImagePair pair = new ImagePair("p", "a", "b", "", new PairAnnotation(edge, edge));

    KeypointPair found = pair.keypoints(SIZE, SIZE).orElseThrow().pair();

    assertThat(found.validPoints()).isEqualTo(2);
  }

  private static ImageAnnotation points(double[] x, double[] y) {
    return ImageAnnotation.NONE.withKeypoints(new Keypoints(x, y));
  }

  private void spair(String sourcePoints, String sizes) throws Exception {
    write("Layout/large/test.txt", "1-a-b:cat\n");
    write(
        "PairAnnotation/test/1-a-b:cat.json",
        """
        {"category": "cat", "src_imname": "a.jpg", "trg_imname": "b.jpg", %s
         "src_kps": [%s], "trg_kps": [[5, 6], [7, 8], [9, 10]],
         "src_bndbox": [0, 0, 10, 20], "trg_bndbox": [1, 2, 31, 12]}
        """
            .formatted(sizes, sourcePoints));
    write("JPEGImages/cat/a.jpg", "");
  }

  private ImagePair only(String layout) {
    return Datasets.open(layout + ":" + root, files).pairs().get(0);
  }

  private void write(String path, String text) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

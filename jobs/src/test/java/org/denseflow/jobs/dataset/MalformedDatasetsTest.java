package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each broken dataset is refused with the file, and the line and column where there are any. */
class MalformedDatasetsTest {

  private static final String PAIRS = "source,target\n";
  private static final String PASCAL = "source_image,target_image,class,XA,YA,XB,YB\n";

  private static final Map<String, String> CUB =
      Map.of(
          "images/c/a.jpg", "",
          "images.txt", "1 c/a.jpg\n2 c/b.jpg\n",
          "bounding_boxes.txt", "1 0 0 5 5\n2 0 0 5 5\n",
          "parts/parts.txt", "1 left wing\n",
          "parts/part_locs.txt", "1 1 3 4 1\n",
          "train_test_split.txt", "1 1\n2 0\n");

  @TempDir Path root;

  /** A broken dataset: layout, files, and what the message must say. */
  record Case(String name, String layout, Map<String, String> files, List<String> message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        broken("no list", "pf-willow", Map.of("x", ""), "/test_pairs_pf.csv: no such file"),
        broken("empty list", "pairs", Map.of("pairs.csv", ""), "pairs.csv: it is empty"),
        broken("no pairs", "pairs", Map.of("pairs.csv", PAIRS), "it has no pairs"),
        broken("short row", "pairs", pairs("a,b\nc\n"), "line 3, column 2", "1 cells, the header"),
        broken("long row", "pairs", pairs("a,b,c\n"), "line 2, column 3", "3 cells"),
        broken("empty cell", "pairs", pairs("a,\n"), "line 2, column target: it is empty"),
        broken("open quote", "pairs", pairs("a,b\n\"c,d\n"), "line 3, column 1", "never closed"),
        broken("after quote", "pairs", pairs("\"a\"x,b\n"), "line 2, column 1", "closing quote"),
        broken(
            "line count after a quoted line end",
            "pairs",
            pairs("\"a\n1\",b\nc\n"),
            "line 4, column 2"),
        broken(
            "no target column",
            "pairs",
            Map.of("pairs.csv", "source,x\na,b\n"),
            "no column target"),
        broken(
            "unknown column",
            "pairs",
            Map.of("pairs.csv", "source,target,kps\na,b,c\n"),
            "column kps: unknown"),
        broken(
            "twice the same column",
            "pairs",
            Map.of("pairs.csv", "source,target,Target\na,b,c\n"),
            "line 1, column Target: it occurs twice"),
        broken(
            "bad keypoint",
            "pairs",
            Map.of("pairs.csv", "source,target,source_keypoints,target_keypoints\na,b,1 2,3\n"),
            "line 2, column target_keypoints: point '3'"),
        broken(
            "uneven keypoints",
            "pairs",
            Map.of("pairs.csv", "source,target,source_keypoints,target_keypoints\na,b,1 2,\n"),
            "line 2, column target_keypoints: 0 points, the source has 1"),
        broken(
            "willow columns",
            "pf-willow",
            Map.of("test_pairs_pf.csv", "imageA,imageB,XA1\na,b,1\n"),
            "3 columns, expected 42"),
        broken(
            "not a number",
            "pf-pascal",
            pascal("a,b,1,1;two,3;4,5;6,7;8\n"),
            "line 2, column XA",
            "'two'"),
        broken("infinite", "pf-pascal", pascal("a,b,1,1e999,3,5,7\n"), "column XA", "finite"),
        broken(
            "x without y", "pf-pascal", pascal("a,b,1,1;2,3,5;6,7;8\n"), "column YA: 1 values, 2"),
        broken("points differ", "pf-pascal", pascal("a,b,1,1;2,3;4,5,7\n"), "column XB: 1 points"),
        broken("class 21", "pf-pascal", pascal("a,b,21,1,3,5,7\n"), "column class: 21.0"),
        broken(
            "caltech outline",
            "caltech101",
            Map.of(
                "test_pairs_caltech_with_category.csv",
                "a,b,c,XA,YA,XB,YB\nx/1.jpg,x/2.jpg,1,\"1,2\",\"1,2\",\"1,2,3\",\"1,2,3\"\n"),
            "line 2, column XA: 2 points"),
        broken(
            "spair annotation missing",
            "spair",
            Map.of("JPEGImages/x", "", "Layout/large/test.txt", "1-a-b:cat\n"),
            "/PairAnnotation/test/1-a-b:cat.json: no such file"),
        broken("spair not JSON", "spair", spair("{\"category\": \n"), "1-a-b:cat.json: line 2"),
        broken("spair key", "spair", spair("{\"category\": 3}"), "key category: expected a string"),
        broken(
            "spair keypoint",
            "spair",
            spair("{\"category\":\"cat\",\"src_bndbox\":[0,0,1,1],\"src_kps\":[[1,null]]}"),
            "key src_kps: 'null' is not a number"),
        broken(
            "parts annotation missing",
            "pascal-parts",
            Map.of("test_pairs_pascal_parts.csv", "a,b\nbus/1.jpg,bus/2.jpg\n"),
            "/bus/1_new.mat: no such file"),
        broken(
            "parts not MATLAB",
            "pascal-parts",
            Map.of(
                "test_pairs_pascal_parts.csv", "a,b\nbus/1.jpg,bus/2.jpg\n", "bus/1_new.mat", "hi"),
            "/bus/1_new.mat: not a MATLAB 5 file"),
        broken("tss empty", "tss", Map.of("x", ""), "/*/*/image1.png"),
        broken(
            "tss file missing",
            "tss",
            Map.of("JODS/a/image1.png", ""),
            "/JODS/a/image2.png: no such file"),
        broken(
            "tss flip",
            "tss",
            tss("flip_gt.txt", "maybe\n"),
            "/JODS/a/flip_gt.txt: line 1, column 1: 'maybe', expected 0 or 1"),
        broken("folder empty", "folder", Map.of("a/1.png", ""), "at least two images"),
        broken("cub images", "cub", Map.of("images.txt", "1 c/a.jpg"), "/images: no such file"),
        broken("cub line", "cub", cub("images.txt", "1\n"), "images.txt: line 1, column 2"),
        broken(
            "cub box",
            "cub",
            cub("bounding_boxes.txt", "1 0 0 5 5\n2 0 0 -5 5\n"),
            "bounding_boxes.txt: line 2, column 4: '-5' is not positive"),
        broken(
            "cub part id",
            "cub",
            cub("parts/part_locs.txt", "1 2 3 4 1\n"),
            "part_locs.txt: line 1, column 2: '2' is not an id of 1 to 1"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithItsPlace(Case broken) throws Exception {
    for (Map.Entry<String, String> file : broken.files().entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    FileStore files = new HadoopFileStore(new Configuration());

    assertThatThrownBy(() -> Datasets.open(broken.layout() + ":" + root, files))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(root.toString())
        .satisfies(
            e ->
                org.assertj.core.api.Assertions.assertThat(e.getMessage())
                    .contains(broken.message()));
  }

  private static Case broken(
      String name, String layout, Map<String, String> files, String... message) {
    return new Case(name, layout, files, List.of(message));
  }

  private static Map<String, String> pairs(String rows) {
    return Map.of("pairs.csv", PAIRS + rows);
  }

  private static Map<String, String> pascal(String rows) {
    return Map.of("test_pairs.csv", PASCAL + rows);
  }

  private static Map<String, String> spair(String json) {
    return Map.of(
        "JPEGImages/x", "",
        "Layout/large/test.txt", "1-a-b:cat\n",
        "PairAnnotation/test/1-a-b:cat.json", json);
  }

  private static Map<String, String> tss(String path, String text) {
    Map<String, String> files = new java.util.HashMap<>();

    for (int i = 1; i <= 2; i++) {
      for (String name : List.of("image%d.png", "flow%d.flo", "mask%d.png")) {
        files.put("JODS/a/" + name.formatted(i), "");
      }
    }
    files.put("JODS/a/" + path, text);
    return files;
  }

  private static Map<String, String> cub(String path, String text) {
    Map<String, String> files = new java.util.HashMap<>(CUB);
    files.put(path, text);
    return files;
  }
}

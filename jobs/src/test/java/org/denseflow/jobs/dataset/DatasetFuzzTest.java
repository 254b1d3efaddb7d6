package org.denseflow.jobs.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.denseflow.Fuzzing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lists and annotations of every layout, one file damaged at a time: {@link Fuzzing} says what is
 * asked of the readers; besides, none looks at a file outside the root or names one.
 */
class DatasetFuzzTest {
  private static final String WILLOW =
      "imageA,imageB" + ",XA".repeat(10) + ",YA".repeat(10) + ",XB".repeat(10) + ",YB".repeat(10);
  private static final String SPAIR =
      """
      {"category": "cat", "src_imname": "a.jpg", "trg_imname": "b.jpg",
       "src_kps": [[1, 2], [3.5, 4]], "trg_kps": [[5, 6], [7, 8]],
       "src_bndbox": [0, 0, 10, 20], "trg_bndbox": [1, 2, 31, 12]}
      """;

  /**
   * A dataset in memory, the file of it that is damaged, and whether its list may name any file.
   */
  private record Case(String layout, String damaged, boolean ownList, Map<String, byte[]> files) {

    @Override
    public String toString() {
      return layout + " " + damaged;
    }
  }

  static Stream<Case> cases() throws IOException {
    return Stream.of(
            cases("pairs", true, "pairs.csv", pairs()),
            cases("images", true, "images.csv", images()),
            cases(
                "pf-willow",
                false,
                "test_pairs_pf.csv",
                WILLOW + "\na/1.png,a/2.png" + ",1.5".repeat(40) + "\n"),
            cases(
                "pf-pascal",
                false,
                "test_pairs.csv",
                "a,b,class,XA,YA,XB,YB,flip\na/1.png,a/2.png,3,1;2,3;4,5;6,7;8,0\n"),
            cases(
                "caltech101",
                false,
                "test_pairs_caltech_with_category.csv",
                "a,b,c,XA,YA,XB,YB\nx/1.jpg,x/2.jpg,1,\"1,2,3\",\"1,2,4\",\"1,2,3\",\"3,2,9\"\n"),
            cases(
                "spair",
                false,
                "Layout/large/test.txt",
                "1-a-b:cat\n",
                "PairAnnotation/test/1-a-b:cat.json",
                SPAIR,
                "JPEGImages/cat/a.jpg",
                ""),
            cases(
                "cub",
                false,
                "images.txt",
                "1 c/a.jpg\n2 c/b.jpg\n",
                "bounding_boxes.txt",
                "1 0 0 5 5\n2 1.5 2 7 8\n",
                "parts/parts.txt",
                "1 beak\n2 tail\n",
                "parts/part_locs.txt",
                "1 1 3 4 1\n1 2 5 6 0\n2 1 1 1 1\n",
                "train_test_split.txt",
                "1 1\n2 0\n",
                "images/c/a.jpg",
                "",
                "segmentations/c/a.png",
                ""),
            cases(
                "tss",
                false,
                "JODS/a/flip_gt.txt",
                "0\n",
                "JODS/a/image1.png",
                "",
                "JODS/a/image2.png",
                "",
                "JODS/a/flow1.flo",
                "",
                "JODS/a/flow2.flo",
                "",
                "JODS/a/mask1.png",
                "",
                "JODS/a/mask2.png",
                ""),
            parts())
        .flatMap(List::stream);
  }

  private static String pairs() {
    return "source,target,pair_id,category,source_mask,target_mask,source_keypoints,target_keypoints\n"
        + "a/1.png,\"a/2.png\",one,a,a/m.png,,1 2;nan nan,3 4;5 6.5\n\nb.png,a.png,,,,,,\n";
  }

  private static String images() {
    return "image,category,mask,split,box\na.png,c,m.png,train,1 2 3 4\nb.png,c,,test,\n";
  }

  /** A case for each file that has content. */
  private static List<Case> cases(String layout, boolean ownList, String... pathsAndTexts) {
    Map<String, byte[]> files = new HashMap<>();

    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1].getBytes(UTF_8));
    }
    return files.keySet().stream()
        .filter(path -> files.get(path).length > 0)
        .sorted()
        .map(path -> new Case(layout, path, ownList, files))
        .toList();
  }

  private static List<Case> parts() throws IOException {
    Map<String, byte[]> files =
        Map.of(
            "test_pairs_pascal_parts.csv", "a,b\nbus/1.jpg,bus/2.jpg\n".getBytes(UTF_8),
            "bus/1_new.mat", mat("parts.mat"),
            "bus/2_new.mat", mat("parts.mat"));
    return List.of(new Case("pascal-parts", "test_pairs_pascal_parts.csv", false, files));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void layouts(Case layout) {
    open(layout, layout.files().get(layout.damaged()));
    new Fuzzing(layout.toString(), 16 << 20, DatasetException.class)
        .text(List.of(layout.files().get(layout.damaged())), bytes -> open(layout, bytes));
  }

  private static void open(Case layout, byte[] bytes) {
    Map<String, byte[]> files = new HashMap<>(layout.files());
    files.put(layout.damaged(), bytes);
    Dataset dataset =
        Datasets.open(layout.layout() + ":" + MemoryStore.ROOT, new MemoryStore(files));

    if (!layout.ownList()) {
      dataset.pairs().forEach(DatasetFuzzTest::requireInside);
    }
  }

  private static void requireInside(ImagePair pair) {
    assertThat(
            Stream.of(
                    Stream.of(pair.source(), pair.target()),
                    pair.annotation().source().maskUri().stream(),
                    pair.annotation().target().maskUri().stream(),
                    pair.annotation().source().flowUri().stream(),
                    pair.annotation().source().partsUri().stream())
                .flatMap(uris -> uris))
        .allMatch(MemoryStore::isInside);
  }

  /** Files that SciPy wrote, and one with a serialised Java object. */
  @ParameterizedTest
  @ValueSource(strings = {"parts.mat", "compressed.mat", "kinds.mat", "java.mat"})
  void annotationsOfMatlab(String name) throws IOException {
    new Fuzzing(name, 4 << 20, DatasetException.class)
        .bytes(
            List.of(mat(name)),
            bytes -> {
              MatAnnotation annotation = MatAnnotation.read("a.mat", bytes);
              annotation.keypoints();
              annotation.parts();
            });
  }

  private static byte[] mat(String name) throws IOException {
    try (InputStream in = DatasetFuzzTest.class.getResourceAsStream("/mat/" + name)) {
      return in.readAllBytes();
    }
  }
}

package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.metrics.Keypoints;
import org.junit.jupiter.api.Test;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/** Reads the real benchmarks and compares with what their authors state or other files hold. */
class RealDatasetsTest {

  private final FileStore files = new HadoopFileStore(new Configuration());

  @Test
  void pfWillowHasAllOrderedPairsOfItsClassesAndTheMatFilesPoints() throws Exception {
    Dataset dataset = open("pf-willow", "pf-willow", "");

    assertThat(dataset.pairs()).hasSize(450);
    assertUniqueIds(dataset);
    assertThat(images(dataset)).hasSize(50).allMatch(files::exists);
    assertThat(dataset.pairs().stream().map(ImagePair::category).distinct())
        .containsExactlyInAnyOrder("car(S)", "car(G)", "duck(S)", "motorbike(G)", "winebottle(wC)");

    for (ImagePair pair : dataset.pairs()) {
      assertSamePoints(pair.source(), pair.annotation().source().keypoints().orElseThrow());
      assertSamePoints(pair.target(), pair.annotation().target().keypoints().orElseThrow());
    }
  }

  @Test
  void everyReversePairOfPfWillowIsThereAlready() {
    assertThat(open("pf-willow", "pf-willow", "?directions=both").all()).hasSize(450);
  }

  @Test
  void pfPascalHasItsTestPairs() {
    Dataset dataset = open("pf-pascal", "pf-pascal", "");

    assertThat(dataset.pairs()).hasSize(299);
    assertUniqueIds(dataset);
    ImagePair first = dataset.pairs().get(0);
    assertThat(first.category()).isEqualTo("aeroplane");
    assertThat(first.source()).endsWith("/PF-dataset-PASCAL/JPEGImages/2011_001407.jpg");
    assertThat(first.annotation().source().keypoints().orElseThrow().x()[0])
        .isCloseTo(253.631662222222, within(1e-9));
    Dataset both = open("pf-pascal", "pf-pascal", "?directions=both");
    assertThat(both.pairs()).hasSize(299);
    // 22 pairs of the list are the other way round of 22 others
    assertThat(both.all()).hasSize(299 + 299 - 44);
  }

  @Test
  void tssHasThreePairsInBothDirections() {
    Dataset dataset = open("tss", "tss", "?directions=one");

    assertThat(dataset.pairs().stream().map(ImagePair::pairId))
        .containsExactly("FG3DCar/001_005", "JODS/car_01_02", "PASCAL/bike_01_02");
    assertThat(dataset.pairs().stream().map(ImagePair::category))
        .containsExactly("FG3DCar", "JODS", "PASCAL");
    assertThat(dataset.pairs().get(0).annotation().target().flowUri().orElseThrow())
        .endsWith("FG3DCar/001_005/flow2.flo")
        .matches(files::exists);

    Dataset both = open("tss", "tss", "");
    assertThat(both.pairs()).hasSize(6);
    assertThat(open("tss", "tss", "?directions=both").all()).hasSize(6);
    assertThat(both.pairs().get(1).pairId()).isEqualTo("FG3DCar/001_005/reverse");
    assertThat(both.pairs().get(1).source()).endsWith("image2.png");
    assertThat(both.pairs().get(1).annotation().source().flowUri().orElseThrow())
        .endsWith("flow2.flo");
  }

  @Test
  void cubPairsImagesInsideAClass() {
    Dataset dataset = open("cub", "cub-200-2011-mini", "");

    assertThat(images(dataset)).hasSize(240).allMatch(files::exists);
    assertThat(dataset.pairs()).hasSize(10 * 24 * 23);
    assertUniqueIds(dataset);
    assertThat(dataset.pairs())
        .allMatch(pair -> files.exists(pair.annotation().source().maskUri().orElseThrow()));
    ImagePair first = dataset.pairs().get(0);
    assertThat(first.category()).isEqualTo("001.Black_footed_Albatross");
    assertThat(first.source()).endsWith("Black_Footed_Albatross_0046_18.jpg");
    Keypoints parts = first.annotation().source().keypoints().orElseThrow();
    assertThat(parts.size()).isEqualTo(15);
    assertThat(parts.present(0)).isFalse();
    assertThat(parts.x()[1]).isEqualTo(312);
    assertThat(parts.y()[1]).isEqualTo(182);
    assertThat(first.annotation().source().box().orElseThrow().x2()).isEqualTo(385);

    Dataset split = open("cub", "cub-200-2011-mini", "?pairs=train-test");
    Set<String> sources = split.pairs().stream().map(ImagePair::source).collect(Collectors.toSet());
    assertThat(split.pairs()).hasSize(10 * 12 * 12);
    assertThat(split.pairs()).noneMatch(pair -> sources.contains(pair.target()));

    Dataset training = open("cub", "cub-200-2011-mini", "?pairs=train");
    assertThat(training.pairs()).hasSize(10 * 12 * 11);
    assertThat(training.pairs())
        .allMatch(pair -> sources.contains(pair.source()) && sources.contains(pair.target()));
  }

  @Test
  void folderPairsWhatLiesTogether() {
    Dataset dataset = open("folder", "demo-pairs", "");

    assertThat(dataset.pairs().stream().map(ImagePair::pairId))
        .contains("dog_00.jpg--dog_59.jpg", "cat.png--target_cat.png")
        .noneMatch(id -> id.contains("_mask"));
  }

  private Dataset open(String layout, String folder, String options) {
    return Datasets.open(layout + ":" + SharedData.folder(folder) + options, files);
  }

  private void assertSamePoints(String image, Keypoints points) throws Exception {
    byte[] bytes = files.read(image.replace(".png", ".mat"));
    Matrix expected = Mat5.newReader(Sources.wrap(bytes)).readMat().getMatrix("pts_coord");

    for (int k = 0; k < 10; k++) {
      assertThat(points.x()[k]).isCloseTo(expected.getDouble(0, k), within(1e-4));
      assertThat(points.y()[k]).isCloseTo(expected.getDouble(1, k), within(1e-4));
    }
  }

  private static Set<String> images(Dataset dataset) {
    Set<String> images = new HashSet<>();
    dataset.pairs().forEach(pair -> images.addAll(List.of(pair.source(), pair.target())));
    return images;
  }

  private static void assertUniqueIds(Dataset dataset) {
    assertThat(dataset.pairs().stream().map(ImagePair::pairId)).doesNotHaveDuplicates();
  }
}

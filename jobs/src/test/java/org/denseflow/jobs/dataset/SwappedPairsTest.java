package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three pairs: a and b both ways, a and c one way. */
class SwappedPairsTest {
  private static final List<String> LISTED =
      List.of("a.jpg--b.jpg", "b.jpg--a.jpg", "a.jpg--c.jpg");

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @BeforeEach
  void write() throws Exception {
    String points = ",1,1;2,3;4,5;6,7;8\n";
    Files.writeString(
        root.resolve("test_pairs.csv"),
        "source_image,target_image,class,XA,YA,XB,YB\n"
            + "a.jpg,b.jpg%1$sb.jpg,a.jpg%1$sa.jpg,c.jpg%1$s".formatted(points));
    Files.writeString(
        root.resolve("pairs.csv"), "source,target\na.jpg,b.jpg\nb.jpg,a.jpg\na.jpg,c.jpg\n");
  }

  @ParameterizedTest
  @CsvSource({
    "pf-pascal, '', 4", "pf-pascal, ?directions=both, 4", "pf-pascal, ?directions=one, 3",
    "pairs, '', 3", "pairs, ?directions=both, 4", "pairs, ?directions=one, 3"
  })
  void aSwappedPairIsMadeWhereAProtocolOfTheLayoutReadsIt(
      String layout, String option, int computed) {
    Dataset dataset = Datasets.openToMatch(layout + ":" + root + option, files);

    assertThat(ids(dataset.pairs())).isEqualTo(LISTED);
    assertThat(dataset.all()).hasSize(computed);
  }

  @Test
  void aSwappedPairFollowsItsPairAndPointsTheOtherWay() {
    Dataset dataset = Datasets.openToMatch("pf-pascal:" + root, files);
    ImagePair swapped = dataset.all().get(3);

    assertThat(swapped.pairId()).isEqualTo("a.jpg--c.jpg/swapped");
    assertThat(swapped.source()).isEqualTo(root + "/c.jpg");
    assertThat(swapped.target()).isEqualTo(root + "/a.jpg");
    assertThat(swapped.category()).isEqualTo("aeroplane");
    assertThat(ids(Datasets.open("pf-pascal:" + root, files).all())).isEqualTo(LISTED);
  }

  @Test
  void theFirstPairsComeWithTheirSwappedPairs() {
    Dataset dataset = Datasets.open("pairs:" + root + "?directions=both", files);

    assertThat(ids(dataset.first(2))).isEqualTo(LISTED.subList(0, 2));
    assertThat(ids(dataset.first(3))).endsWith("a.jpg--c.jpg/swapped").hasSize(4);
    assertThat(dataset.first(Long.MAX_VALUE)).isEqualTo(dataset.all());
  }

  @Test
  void pairsOfTheSameImagesShareOneSwappedPair() throws Exception {
    Files.writeString(root.resolve("pairs.csv"), "source,target\na,b\na,b\n");

    assertThat(ids(Datasets.open("pairs:" + root + "?directions=both", files).all()))
        .containsExactly("a--b", "a--b/swapped", "a--b#2");
  }

  @Test
  void theEndingIsNotForListedPairs() throws Exception {
    Files.writeString(root.resolve("pairs.csv"), "source,target,pair_id\na,b,x/swapped\n");

    assertThatThrownBy(() -> Datasets.open("pairs:" + root, files))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("x/swapped")
        .hasMessageContaining("another id");
  }

  private static List<String> ids(List<ImagePair> pairs) {
    return pairs.stream().map(ImagePair::pairId).toList();
  }
}

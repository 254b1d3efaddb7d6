package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {
  /** Ids of which many differ in nothing that older file systems, URLs or Hadoop keep apart. */
  private static final List<String> IDS = ids();

  @TempDir private Path folder;

  private static List<String> ids() {
    List<String> ids =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "a",
                "A",
                "a ",
                " a",
                "a.",
                ".a",
                "_a",
                "-a",
                "a/b",
                "a\\b",
                "a:b",
                "a?b",
                "a#b",
                "a%b",
                "a%2Fb",
                "a*b",
                "a|b",
                "a\"b",
                "a<b",
                "a>b",
                "a b",
                "a_b",
                "a\tb",
                "a\u0000b",
                "a\nb",
                "a\u00a0b",
                "a\u200bb",
                "a[b]",
                "a{b}",
                "a&b",
                "a'b",
                "a~b",
                "../a",
                "..",
                ".",
                "/",
                "//",
                "con",
                "CON",
                "nul.x",
                "lpt1",
                "caf\u00e9",
                "cafe\u0301",
                "\u9ed2\u3044\u9ce5-\u767d\u3044\u9ce5",
                "\u8d64\u3044\u9ce5-\u9752\u3044\u9ce5",
                "\u043a\u043e\u0442",
                "\u041a\u043e\u0442",
                "\ud83d\ude00",
                "\ud83d\ude01",
                "\u017f",
                "s",
                "stra\u00dfe",
                "strasse"));
    String same = "\u9ce5".repeat(300);
    ids.addAll(List.of(same, same + "1", same + "2", "x".repeat(199), "x".repeat(300)));
    List<String> names = ids.stream().map(FileNames::of).toList();
    names.stream().filter(name -> !ids.contains(name)).forEach(ids::add);
    return ids;
  }

  @Test
  void noTwoIdsHaveOneNameOnAnyFileSystem() {
    Set<String> names = new HashSet<>();

    for (String id : IDS) {
      String seen =
          Normalizer.normalize(FileNames.of(id), Normalizer.Form.NFD)
              .toUpperCase(Locale.ROOT)
              .toLowerCase(Locale.ROOT);
      assertThat(names.add(seen)).as("%s, of %s", seen, id).isTrue();
    }
  }

  @Test
  void namesHaveNothingSpecialAndFit() {
    for (String id : IDS) {
      assertThat(FileNames.of(id)).matches("[^\\p{C}\\p{Z}/\\\\:?#%*|\"<>\\[\\]{}&'~]+");
      assertThat(FileNames.of(id)).doesNotMatch("[._-].*");
      assertThat(FileNames.of(id).getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(200);
    }
  }

  @Test
  void namesCanBeRead() {
    assertThat(FileNames.of("cat-other_cat(2)")).isEqualTo("cat-other_cat(2)");
    assertThat(FileNames.of("\u9ed2\u3044\u9ce5-\u767d\u3044\u9ce5"))
        .isEqualTo("\u9ed2\u3044\u9ce5-\u767d\u3044\u9ce5");
    assertThat(FileNames.of("car(G)/001.png--car(G)/002.png"))
        .matches("car\\(G\\)_001\\.png--car\\(G\\)_002\\.png-[0-9a-f]{12}");
    assertThat(FileNames.ofUri("s3a://bucket/birds/crow 1.png"))
        .matches("crow_1\\.png-[0-9a-f]{12}");
  }

  @Test
  void pairsOfOneNameLeaveFilesOfTheirOwn() throws IOException {
    for (String id : IDS) {
      byte[] content = id.getBytes(StandardCharsets.UTF_8);
      PairFiles.save(
          folder.resolve("run[v1] {a}?*").toString(),
          id,
          Map.of(".flo", content),
          new Configuration());
    }

    for (String id : IDS) {
      assertThat(folder.resolve("run[v1] {a}?*").resolve(FileNames.of(id) + ".flo"))
          .hasBinaryContent(id.getBytes(StandardCharsets.UTF_8));
    }
  }
}

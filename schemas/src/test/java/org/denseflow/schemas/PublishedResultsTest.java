package org.denseflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedResultsTest {

  @ParameterizedTest
  @CsvSource({
    "pf-willow,    all,    SCNet-AG,     pck@0.10,   0.721",
    "pf-willow,    all,    GSF (SFNet),  pck@0.05,   0.491",
    "pf-pascal,    all,    RTNs (ResNet), pck@0.15,  0.852",
    "pf-pascal,    cow,    SCNet-AG+,    pck@0.10,   0.958",
    "tss,          JODS,   SAM-Net,      flow-acc@5, 0.822",
    "caltech101,   all,    SFNet,        iou,        0.67",
    "pascal-parts, all,    SCNet-AG+,    iou,        0.48",
    "spair,        all,    HPF,          pck@0.10,   0.282",
  })
  void holdsWhatThePapersPrint(
      String benchmark, String category, String method, String metric, double value) {
    assertThat(PublishedResults.of(benchmark))
        .filteredOn(
            row ->
                row.category().equals(category)
                    && row.method().equals(method)
                    && row.metric().equals(metric))
        .singleElement()
        .satisfies(row -> assertThat(row.value()).isCloseTo(value, within(1e-9)));
  }

  @Test
  void scnetHasANumberForEachOfTheTwentyClasses() {
    assertThat(PublishedResults.of("pf-pascal"))
        .filteredOn(row -> row.method().equals("SCNet-AG+") && row.metric().equals("pck@0.10"))
        .extracting(PublishedResults.Row::category)
        .hasSize(21)
        .contains("all", "aeroplane", "tvmonitor");
  }

  @Test
  void numbersAreSharesAndNoneOccursTwice() {
    assertThat(PublishedResults.all())
        .allMatch(row -> row.value() > 0 && row.value() < 1)
        .extracting(row -> List.of(row.benchmark(), row.category(), row.method(), row.metric()))
        .doesNotHaveDuplicates();
    assertThat(PublishedResults.all().stream().map(PublishedResults.Row::benchmark))
        .containsAll(
            Set.of("tss", "pf-pascal", "pf-willow", "caltech101", "pascal-parts", "spair"));
    assertThat(PublishedResults.of("cub")).isEmpty();
  }
}

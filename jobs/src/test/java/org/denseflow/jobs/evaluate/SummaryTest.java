package org.denseflow.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.config.Presets;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;
import org.junit.jupiter.api.Test;

/** Expected values are counted by hand. */
class SummaryTest {

  /** Three cats, of which one failed; two dogs, of which one has no score; one cow without any. */
  private static List<PairOutcome> outcomes(String protocol) {
    return List.of(
        score("1", "cat", protocol, 1.0, 4),
        score("2", "cat", protocol, 0.5, 12),
        none("3", "cat", protocol, UnscoredReason.FAILED),
        score("4", "dog", protocol, 0.0, 4),
        none("5", "dog", protocol, UnscoredReason.NO_SWAPPED_ROW),
        none("6", "cow", protocol, UnscoredReason.NO_COMMON_KEYPOINT));
  }

  @Test
  void failedAndUnscoredAreCountedOverAllAndPerCategory() {
    List<SummaryRow> rows = rows("spair/bbox", outcomes("spair/bbox"));

    assertThat(rows).hasSize(4 * 4);
    assertCounts(row(rows, "all"), 3, 1, 2);
    assertCounts(row(rows, "cat"), 2, 1, 0);
    assertCounts(row(rows, "dog"), 1, 0, 1);
    assertCounts(row(rows, "cow"), 0, 0, 1);
    assertThat(row(rows, "all").value()).isEqualTo(0.5, within(1e-12));
    assertThat(row(rows, "cat").value()).isEqualTo(0.75, within(1e-12));
    assertThat(row(rows, "cow").value()).isNull();
  }

  @Test
  void aCategoryWithoutScoresIsNotPartOfTheMeanOfCategories() {
    String protocol = "pf-willow/proposal-flow";
    SummaryRow all = row(rows(protocol, outcomes(protocol)), "all");

    assertThat(all.value()).isEqualTo((0.75 + 0.0) / 2, within(1e-12));
    assertCounts(all, 3, 1, 2);
  }

  @Test
  void aMeanOverPointsWeighsThem() {
    String protocol = "spair/dift-point";
    SummaryRow all = row(rows(protocol, outcomes(protocol)), "all");

    assertThat(all.value()).isEqualTo((4 * 1.0 + 12 * 0.5) / 20, within(1e-12));
  }

  @Test
  void aMetricThatIsNotDefinedForAPairLeavesItOutAndCountsIt() {
    String protocol = "caltech101/clean";
    List<PairOutcome> outcomes =
        List.of(
            new PairScore(
                "1", "ant", protocol, List.of(0.5, Double.NaN, 2.0), 1, KeypointTally.NONE),
            new PairScore(
                "2", "ant", protocol, List.of(1.0, 0.25, Double.NaN), 1, KeypointTally.NONE));
    List<SummaryRow> rows = rows(protocol, outcomes);

    assertThat(rows.stream().filter(row -> row.category().equals("all")).map(SummaryRow::value))
        .containsExactly(0.75, 0.25, 2.0);
    assertThat(rows.stream().filter(row -> row.category().equals("ant")).map(SummaryRow::unscored))
        .containsExactly(0L, 1L, 1L);
    List<String> metrics = new Scorer(protocol).metrics();
    assertThat(
            outcomes.stream()
                .flatMap(one -> one.gaps(metrics).stream())
                .map(UnscoredMetric::metric))
        .containsExactly("iou", "loc-err");
    assertThat(ScoreTable.render("caltech101", rows))
        .contains("1 of 2 pairs scored, 0 failed, 1 unscored")
        .doesNotContain("NaN");
  }

  @Test
  void theTableSaysHowManyPairsItIsOver() {
    String text = ScoreTable.render("spair", rows("spair/bbox", outcomes("spair/bbox")));

    assertThat(text)
        .contains("3 of 6 pairs scored, 1 failed, 2 unscored")
        .containsPattern("(?m)^cat .* 2 of 3 .* 0\\.750")
        .containsPattern("(?m)^cow .* 0 of 1  *-  *-  *-  *-$");
  }

  private static void assertCounts(SummaryRow row, long pairs, long failed, long unscored) {
    assertThat(List.of(row.pairs(), row.failed(), row.unscored()))
        .containsExactly(pairs, failed, unscored);
  }

  private static SummaryRow row(List<SummaryRow> rows, String category) {
    return rows.stream().filter(row -> row.category().equals(category)).findFirst().orElseThrow();
  }

  private static List<SummaryRow> rows(String protocol, List<PairOutcome> outcomes) {
    RunManifest run =
        new RunManifest(
            RunManifest.FORMAT,
            "DenseFlowJob",
            "0",
            Map.of("method", "nn", "backbone", "hog"),
            Presets.canonical(Presets.parse("", "test")),
            Map.of(),
            1,
            List.of("flows"),
            List.of());
    Scorer scorer = new Scorer(protocol);
    TreeMap<String, ScoreTotals> categories = new TreeMap<>();
    outcomes.forEach(
        one ->
            categories.merge(
                one.category(), new ScoreTotals().plus(one, scorer.metrics()), ScoreTotals::plus));
    return new Summary("spair", run, scorer).rows(categories);
  }

  private static PairOutcome score(
      String id, String category, String protocol, double pck, long points) {
    int metrics = new Scorer(protocol).metrics().size();
    return new PairScore(
        id,
        category,
        protocol,
        java.util.Collections.nCopies(metrics, pck),
        points,
        KeypointTally.NONE);
  }

  private static PairOutcome none(
      String id, String category, String protocol, UnscoredReason reason) {
    return new UnscoredPair(id, category, protocol, reason, "");
  }
}

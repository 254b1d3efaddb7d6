package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.types.StructType;
import org.denseflow.config.Presets;
import org.denseflow.graph.NativeArrays;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.masks.MaskTable;
import org.denseflow.jobs.synthesis.PairTable;
import org.denseflow.jobs.transfer.StylisedTable;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.MethodFiles;
import org.denseflow.method.ConfiguredMethod;
import org.denseflow.synthesis.ObjectCategory;
import org.denseflow.synthesis.ObjectPainter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results that change without their number being raised would be mixed in resumed runs. */
class ResultNumbersTest {

  /** A table as of a number of its rows. */
  private record TableAsOf(ResultNumber results, StructType schema, String digest) {}

  /** A method's match of two drawn objects as of a number of its results. */
  private record MethodAsOf(
      String method, int number, double displacement, double confidence, double score) {}

  private static Stream<TableAsOf> tables() {
    return Stream.of(
        new TableAsOf(FlowTable.RESULTS, FlowTable.SCHEMA, "flows 2: 6a9e1d5c5c51"),
        new TableAsOf(MaskTable.RESULTS, MaskTable.SCHEMA, "masks 1: c9bcfe4ddcc9"),
        new TableAsOf(StylisedTable.RESULTS, StylisedTable.SCHEMA, "stylised 1: 9e1215f52195"),
        new TableAsOf(FeatureTable.RESULTS, FeatureTable.SCHEMA, "features 1: 2d776eee5421"),
        new TableAsOf(PairTable.RESULTS, PairTable.SCHEMA, "pairs 1: 7f54eafb9d6e"));
  }

  /** The mean of a backbone's features of a drawn object as of a number of stored features. */
  private record FeaturesAsOf(String backbone, int number, double mean) {}

  private static Stream<FeaturesAsOf> features() {
    return Stream.of(
        new FeaturesAsOf("denseflow_s", 1, 0.06139), new FeaturesAsOf("hog", 1, 0.02413));
  }

  private static Stream<MethodAsOf> methods() {
    return Stream.of(
        new MethodAsOf("nn", 2, 0.1326, 0.9301, 0.7475),
        new MethodAsOf("mutual-nn", 2, 0.1326, 0.9301, 0.7475),
        new MethodAsOf("kernel-soft-argmax", 1, 0.1375, 0.3078, 0.7475),
        new MethodAsOf("guided", 2, 0.0631, 0.6574, 0.7017),
        new MethodAsOf("guided-translation", 2, 0.0528, 0.6467, 0.6893),
        new MethodAsOf("nam", 2, 0.0166, 0.8718, 0.6336),
        new MethodAsOf("phm", 2, 0.0933, 0.4616, 0.6120),
        new MethodAsOf("lom", 2, 0.0244, 0.4872, 0.6164));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableWithOtherColumnsHasAnotherNumber(TableAsOf table) {
    String now = DigestUtils.sha256Hex(table.schema().json()).substring(0, 12);
    assertThat(table.results() + ": " + now)
        .as("columns of %s changed: raise its RESULTS number and pin both here", table.results())
        .isEqualTo(table.digest());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aMethodWithOtherMatchesHasAnotherNumber(MethodAsOf before) {
    ConfiguredMethod<?> method = ConfiguredMethod.of(ConfiguredMethod.preset(before.method()));

    try (AnyMatcher matcher = method.create(MethodFiles.NONE);
        ImageFeatures source = matcher.describe(drawn(1));
        ImageFeatures target = matcher.describe(drawn(2))) {
      Match match = matcher.match(source, List.of(target)).get(0);
      MethodAsOf now =
          new MethodAsOf(
              before.method(),
              method.results(),
              mean(match.flow().displacement()),
              mean(match.flow().confidence()),
              match.score());
      assertThat(List.of(now.displacement(), now.confidence(), now.score()))
          .as(
              "matches of %s changed: raise its number in its descriptor and pin it here: %s",
              now.method(), now)
          .usingElementComparator((a, b) -> Math.abs(a - b) < 2e-3 ? 0 : Double.compare(a, b))
          .containsExactly(before.displacement(), before.confidence(), before.score());
      assertThat(now.number())
          .as("the number of %s was raised: pin %s here", now.method(), now)
          .isEqualTo(before.number());
    }
  }

  @ParameterizedTest
  @MethodSource("features")
  void aBackboneWithOtherFeaturesHasAnotherNumber(FeaturesAsOf before) {
    ConfiguredMethod<?> method =
        ConfiguredMethod.of(
            Presets.backbone(before.backbone()).withFallback(ConfiguredMethod.preset("nn")));

    try (AnyMatcher matcher = method.create(MethodFiles.NONE);
        ImageFeatures described = matcher.describe(drawn(1))) {
      double now = mean(NativeArrays.copy(described.vectors().get(0)));
      assertThat(now)
          .as("features of %s changed: raise FeatureTable.RESULTS and pin both", before.backbone())
          .isCloseTo(before.mean(), within(1e-5));
      assertThat(FeatureTable.RESULTS.number()).isEqualTo(before.number());
    }
  }

  private static RgbImage drawn(int seed) {
    return ObjectPainter.draw(ObjectCategory.values()[0], 160, 120, seed).image();
  }

  private static double mean(float[] values) {
    double sum = 0;

    for (float value : values) {
      sum += Math.abs(value);
    }

    return sum / values.length;
  }
}

package org.denseflow.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.weights.HalfFloat;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The batched product against sums of products in double precision. */
class BlockCorrelationTest {
  private final Random random = new Random(3);

  @Test
  void singleLevelIsTheInnerProductOfEveryPairOfCells() {
    List<FeatureMap> source = List.of(map(3, 4, 7));
    List<List<FeatureMap>> targets = List.of(List.of(map(2, 5, 7)), List.of(map(4, 3, 7)));
    List<float[]> volumes = correlate(BlockCorrelation.Merge.PRODUCT, source, targets);

    for (int t = 0; t < targets.size(); t++) {
      float[] expected = naive(source.get(0), targets.get(t).get(0));
      assertThat(volumes.get(t)).containsExactly(expected, within(1e-5f));
    }
  }

  private static FeatureMap narrowed(FeatureMap map) {
    return map.with(map.values().castTo(DataType.FLOAT16));
  }

  @Test
  void featuresInHalfPrecisionAreTheNearestHalves() {
    List<FeatureMap> source = List.of(map(3, 4, 7), map(3, 4, 9));
    List<List<FeatureMap>> targets =
        List.of(
            List.of(map(2, 5, 7), map(2, 5, 9)),
            List.of(map(2, 5, 7), map(2, 5, 9)),
            List.of(map(4, 3, 7), map(4, 3, 9)));
    List<float[]> expected =
        targets.stream().map(target -> naiveSum(rounded(source), rounded(target))).toList();
    List<FeatureMap> narrowSource = source.stream().map(BlockCorrelationTest::narrowed).toList();
    List<List<FeatureMap>> narrowTargets =
        targets.stream().map(t -> t.stream().map(BlockCorrelationTest::narrowed).toList()).toList();
    List<float[]> volumes = correlate(BlockCorrelation.Merge.SUM, narrowSource, narrowTargets);

    for (int t = 0; t < targets.size(); t++) {
      assertThat(volumes.get(t)).containsExactly(expected.get(t), within(1e-5f));
    }

    assertThat(narrowTargets.get(0).get(0).values().wasClosed()).isFalse();
    assertThat(narrowSource.get(0).values().wasClosed()).isFalse();
  }

  /** Of two levels. */
  private static float[] naiveSum(List<FeatureMap> source, List<FeatureMap> target) {
    float[] sum = naive(source.get(0), target.get(0));
    float[] second = naive(source.get(1), target.get(1));

    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }

    return sum;
  }

  private static List<FeatureMap> rounded(List<FeatureMap> maps) {
    return maps.stream().map(BlockCorrelationTest::rounded).toList();
  }

  private static FeatureMap rounded(FeatureMap map) {
    float[] values = map.values().reshape(map.values().length()).toFloatVector();

    for (int i = 0; i < values.length; i++) {
      values[i] = HalfFloat.value(HalfFloat.of(values[i]));
    }

    return new FeatureMap(
        map.tap(),
        map.grid(),
        map.channels(),
        Nd4j.createFromArray(values).reshape('c', map.cells(), map.channels()).dup('c'));
  }

  @Test
  void productMultipliesRectifiedLevels() {
    List<FeatureMap> source = List.of(map(3, 3, 5), map(3, 3, 8));
    List<List<FeatureMap>> targets = List.of(List.of(map(3, 2, 5), map(3, 2, 8)));
    float[] first = naive(source.get(0), targets.get(0).get(0));
    float[] second = naive(source.get(1), targets.get(0).get(1));
    float[] expected = new float[first.length];

    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, first[i]) * Math.max(0, second[i]);
    }

    assertThat(correlate(BlockCorrelation.Merge.PRODUCT, source, targets).get(0))
        .containsExactly(expected, within(1e-5f));
  }

  @Test
  void sumAddsLevels() {
    List<FeatureMap> source = List.of(map(3, 3, 5), map(3, 3, 8));
    List<List<FeatureMap>> targets = List.of(List.of(map(3, 2, 5), map(3, 2, 8)));

    assertThat(correlate(BlockCorrelation.Merge.SUM, source, targets).get(0))
        .containsExactly(naiveSum(source, targets.get(0)), within(1e-5f));
  }

  @Test
  void aListThatWasChangedIsReadAnew() {
    List<FeatureMap> source = List.of(map(2, 2, 4));
    List<List<FeatureMap>> targets = new ArrayList<>(List.of(List.of(map(2, 2, 4))));
    List<float[]> volumes = new ArrayList<>();

    try (BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.SUM)) {
      correlation.correlate(source, targets, volume -> {});
      targets.set(0, List.of(map(2, 2, 4)));
      correlation.correlate(source, targets, volume -> volumes.add(volume.values().clone()));
    }

    assertThat(volumes.get(0))
        .containsExactly(naive(source.get(0), targets.get(0).get(0)), within(1e-5f));
  }

  @Test
  void oneTargetOutlivesTheListThatItCameIn() {
    List<FeatureMap> source = List.of(map(2, 2, 4));
    List<FeatureMap> target = List.of(map(2, 2, 4));

    try (BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.SUM)) {
      correlation.correlate(source, List.of(target), volume -> {});
      correlation.correlate(source, List.of(List.of(map(2, 2, 4))), volume -> {});
    }

    assertThat(target.get(0).values().wasClosed()).isFalse();
  }

  private static List<float[]> correlate(
      BlockCorrelation.Merge merge, List<FeatureMap> source, List<List<FeatureMap>> targets) {
    List<float[]> volumes = new ArrayList<>();

    try (BlockCorrelation correlation = new BlockCorrelation(merge)) {
      correlation.correlate(
          source,
          targets,
          v -> volumes.add(java.util.Arrays.copyOf(v.values(), v.rows() * v.columns())));
    }

    return volumes;
  }

  private static float[] naive(FeatureMap source, FeatureMap target) {
    float[] result = new float[source.cells() * target.cells()];

    for (int i = 0; i < source.cells(); i++) {
      for (int j = 0; j < target.cells(); j++) {
        double sum = 0;

        for (int c = 0; c < source.channels(); c++) {
          sum += source.values().getDouble(i, c) * target.values().getDouble(j, c);
        }

        result[i * target.cells() + j] = (float) sum;
      }
    }

    return result;
  }

  private FeatureMap map(int height, int width, int channels) {
    float[] values = new float[height * width * channels];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    return new FeatureMap(
        "test",
        new Size(width, height),
        channels,
        Nd4j.createFromArray(values).reshape('c', height * width, channels).dup('c'));
  }
}

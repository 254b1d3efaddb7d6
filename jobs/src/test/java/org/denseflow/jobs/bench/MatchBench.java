package org.denseflow.jobs.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.Presets;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.guided.GsfBench;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.guided.GuidedParameters;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matching a source with a block of a tile's targets beside their matrix product alone. */
final class MatchBench {
  /** Cells on a side of the grid. */
  static final int GRID = 20;

  /** Channels of {@code resnet50_v2}. */
  static final int CHANNELS = 1024;

  /** Targets that a source is matched with at once. */
  static final int BLOCK = 10;

  /** As of {@code guided}. */
  static final GuidedParameters GUIDED = preset("guided");

  /** As of {@code guided-translation}. */
  private static final GuidedParameters TRANSLATION = preset("guided-translation");

  /** Channels of {@code denseflow_s}. */
  private static final int OWN_CHANNELS = 128;

  private MatchBench() {}

  private static GuidedParameters preset(String name) {
    return ConfigBinder.bind(
        Presets.of("methods", name).getConfig("guided"), GuidedParameters.class);
  }

  static List<BenchRow> rows() {
    Map<String, Consumer<CorrelationVolume>> readOuts = new LinkedHashMap<>();
    readOuts.put("correlation", volume -> {});
    readOuts.put("guided", new GuidedMatching(GUIDED)::read);
    readOuts.put("guided-translation", new GuidedMatching(TRANSLATION)::read);
    readOuts.put("gsf, pruning network", GsfBench.pruning(TRANSLATION)::read);
    readOuts.put("gsf, both networks", GsfBench.both(TRANSLATION)::read);
    List<BenchRow> rows = new ArrayList<>(measure(readOuts, CHANNELS, 1));
    rows.addAll(measure(readOuts, CHANNELS, BLOCK));
    rows.add(own());
    rows.add(narrow());
    return rows;
  }

  /** {@code guided} on features of {@code denseflow_s}. */
  static BenchRow own() {
    return measure(Map.of("guided", new GuidedMatching(GUIDED)::read), OWN_CHANNELS, BLOCK).get(0);
  }

  /** {@code guided} on features that are kept in half precision. */
  private static BenchRow narrow() {
    return measure(
            Map.of("guided, fp16", new GuidedMatching(GUIDED)::read),
            () -> narrowed(features(CHANNELS)),
            CHANNELS,
            BLOCK)
        .get(0);
  }

  private static FeatureMap narrowed(FeatureMap map) {
    try (map) {
      return map.with(map.values().castTo(DataType.FLOAT16));
    }
  }

  private static List<BenchRow> measure(
      Map<String, Consumer<CorrelationVolume>> readOuts, int channels, int block) {
    return measure(readOuts, () -> features(channels), channels, block);
  }

  private static List<BenchRow> measure(
      Map<String, Consumer<CorrelationVolume>> readOuts,
      Supplier<FeatureMap> features,
      int channels,
      int block) {
    List<BenchRow> rows = new ArrayList<>();
    double floor = Rates.gemmMillis(GRID * GRID, block * GRID * GRID, channels) / block;
    List<FeatureMap> source = List.of(features.get());
    List<List<FeatureMap>> targets = new ArrayList<>();

    for (int t = 0; t < block; t++) {
      targets.add(List.of(features.get()));
    }

    try (BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT)) {
      readOuts.forEach(
          (name, readOut) ->
              rows.add(
                  BenchRow.of(
                      "match, %s, 20x20 cells, %d channels, block of %d, per pair (floor: GEMM)"
                          .formatted(name, channels, block),
                      Stopwatch.bestMillis(() -> correlation.correlate(source, targets, readOut))
                          / block,
                      "ms",
                      floor)));
    }

    return rows;
  }

  /** Random features of unit length. */
  static FeatureMap features(int channels) {
    INDArray values = Nd4j.rand(GRID * GRID, channels).subi(0.5);
    values.diviColumnVector(values.norm2(true, 1));
    return new FeatureMap("random", new Size(GRID, GRID), channels, values);
  }
}

package org.denseflow.matcher.guided;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;

/** Read-outs of Guided Semantic Flow with networks as wide as the presets', for measuring. */
public final class GsfBench {
  private static final int PRUNING_CHANNELS = 8;
  private static final double SUPPORT_SIGMA = 2.5;
  private static final int MATCHING_CHANNELS = 32;
  private static final MatchingNetwork.Window WINDOW = new MatchingNetwork.Window(4, 2.5, 20);

  private GsfBench() {}

  /** With a pruning network of random weights. */
  public static GuidedMatching pruning(GuidedParameters parameters) {
    return readOut(parameters, PruningNetwork.tensors(PRUNING_CHANNELS), new TreeMap<>());
  }

  /** With both networks. */
  public static GuidedMatching both(GuidedParameters parameters) {
    Map<String, int[]> shapes = new LinkedHashMap<>(PruningNetwork.tensors(PRUNING_CHANNELS));
    shapes.putAll(MatchingNetwork.tensors(MATCHING_CHANNELS, WINDOW.places()));
    Map<String, String> metadata = new TreeMap<>();
    MatchingModel.describe(WINDOW, metadata);
    return readOut(parameters, shapes, metadata);
  }

  private static GuidedMatching readOut(
      GuidedParameters parameters, Map<String, int[]> shapes, Map<String, String> metadata) {
    Random random = new Random(1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];

          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.1 * random.nextGaussian());
          }

          tensors.put(name, new Tensor(shape, values));
        });
    metadata.put(GsfLearner.SUPPORT_SIGMA, String.valueOf(SUPPORT_SIGMA));
    GsfModel model = new GsfModel(new WeightMap("bench", "none", tensors, metadata), "none");
    return new GuidedMatching(parameters, Optional.of(model), false);
  }
}

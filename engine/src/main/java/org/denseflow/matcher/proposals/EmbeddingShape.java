package org.denseflow.matcher.proposals;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * The input and the output of an embedding layer.
 *
 * @param pooling of regions
 * @param channels of the backbone
 * @param size numbers per region
 */
record EmbeddingShape(PoolingParameters pooling, Layer layer, int channels, int size) {
  private static final String PREFIX = "denseflow.";

  EmbeddingShape {
    requireParts(pooling, layer, size);
  }

  /**
   * Checks that the parts of a region can share the size.
   *
   * @throws IllegalArgumentException if not
   */
  static void requireParts(PoolingParameters pooling, Layer layer, int size) {
    int parts = pooling.side() * pooling.side();

    if (layer == Layer.PER_PART && size % parts != 0) {
      throw new IllegalArgumentException(
          "Invalid embedding: size must be a multiple of the %d parts of a region, found %d"
              .formatted(parts, size));
    }
  }

  /** Numbers of a pooled region. */
  int length() {
    return parts() * channels;
  }

  /** Parts of a region. */
  int parts() {
    return pooling.side() * pooling.side();
  }

  /** Rows of the weights: what the layer sees at once. */
  int in() {
    return layer == Layer.FULL ? length() : channels;
  }

  /** Columns of the weights: what it makes of that. */
  int out() {
    return layer == Layer.FULL ? size : size / parts();
  }

  /** As a model file states it. */
  Map<String, String> metadata() {
    return Map.of(
        PREFIX + "pooling", word(pooling.kind()),
        PREFIX + "pooling-mean", word(pooling.mean()),
        PREFIX + "side", String.valueOf(pooling.side()),
        PREFIX + "layer", word(layer),
        PREFIX + "channels", String.valueOf(channels),
        PREFIX + "size", String.valueOf(size));
  }

  /**
   * Reads what a model file states.
   *
   * @throws WeightException if it states nothing that can be used
   */
  static EmbeddingShape of(WeightMap model) {
    PoolingParameters pooling =
        new PoolingParameters(
            choice(model, "pooling", PoolingParameters.Kind.class),
            TrainedModel.whole(model, PREFIX + "side", 64),
            choice(model, "pooling-mean", PoolingParameters.Mean.class));
    return new EmbeddingShape(
        pooling,
        choice(model, "layer", Layer.class),
        TrainedModel.whole(model, PREFIX + "channels", 1 << 16),
        TrainedModel.whole(model, PREFIX + "size", 1 << 24));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E choice(WeightMap model, String key, Class<E> values) {
    String stated = model.metadata().get(PREFIX + key);
    return Arrays.stream(values.getEnumConstants())
        .filter(value -> word(value).equals(stated))
        .findFirst()
        .orElseThrow(
            () ->
                new WeightException(
                    "model.unknown",
                    "Cannot use model %s: its %s is %s; train it again"
                        .formatted(model.file(), key, stated)));
  }
}

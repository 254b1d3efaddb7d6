package org.denseflow.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The tensors of one file by name, its digest and its metadata. Names of nested dictionaries are
 * joined by points. Values are checked to be finite where they are asked for.
 *
 * @param file the file's name, for messages
 * @param digest {@code sha256:} and the digest of the file's bytes in hexadecimal
 * @param tensors by name, in file order
 * @param unread by name, why a tensor of another type or an object was left out
 * @param metadata the file's own metadata
 */
public record WeightMap(
    String file,
    String digest,
    Map<String, Tensor> tensors,
    Map<String, String> unread,
    Map<String, String> metadata) {

  /** Which batch normalisation keeps and no network reads. */
  private static final String COUNTER = ".num_batches_tracked";

  /** Keeps copies. */
  public WeightMap {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
    metadata = Map.copyOf(metadata);
  }

  /** One of which everything was read. */
  public WeightMap(
      String file, String digest, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this(file, digest, tensors, Map.of(), metadata);
  }

  /** The tensors' names in file order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * What lies below a name: the tensors whose names begin with it, without it.
   *
   * @param prefix with its last point, or empty
   */
  public WeightMap below(String prefix) {
    if (prefix.isEmpty()) {
      return this;
    }

    return new WeightMap(
        "%s (below %s)".formatted(file, prefix),
        digest,
        below(prefix, tensors),
        below(prefix, unread),
        metadata);
  }

  private static <V> Map<String, V> below(String prefix, Map<String, V> all) {
    Map<String, V> below = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            below.put(name.substring(prefix.length()), value);
          }
        });
    return below;
  }

  /**
   * One tensor.
   *
   * @throws WeightException if it is missing, has another shape or holds values that are not finite
   */
  public Tensor take(String name, int... shape) {
    WeightMismatch.between(this, Map.of(name, shape)).refuse(file);
    requireFinite(name);
    return tensors.get(name);
  }

  /**
   * The values of a tensor of any shape.
   *
   * @throws WeightException if it is missing or holds values that are not finite
   */
  public float[] values(String name) {
    length(name);
    requireFinite(name);
    return tensors.get(name).values();
  }

  /**
   * The number of values of a tensor, from which a network of variable width knows its shapes.
   *
   * @throws WeightException if it is missing or empty
   */
  public int length(String name) {
    Tensor tensor = tensors.get(name);

    if (tensor == null || tensor.values().length == 0) {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot use weights %s: no %s, or it is empty".formatted(file, name));
    }

    return tensor.values().length;
  }

  /**
   * Checks that all expected tensors are there with their shapes and finite values.
   *
   * @throws WeightException that names missing, mis-shaped and unexpected tensors at once
   */
  public void requireAll(Map<String, int[]> expected) {
    WeightMismatch.between(this, expected)
        .withUnexpected(this, name -> !expected.containsKey(name))
        .refuse(file);
    expected.keySet().forEach(this::requireFinite);
  }

  /**
   * The part of the file that holds a network, below whatever prefix all its names share: {@code
   * module.} of DataParallel, {@code state_dict.}, {@code model.backbone.} and so on. Of several,
   * averaged weights ({@code ema}) come first.
   *
   * @param needed the tensors that are read
   * @param known all tensors that the network has; where the file has others in the same modules
   *     (names up to the first point), it is of another network
   * @throws WeightException if no part fits, several do and differ, or it has tensors of another
   *     network
   */
  public WeightMap part(Map<String, int[]> needed, Map<String, int[]> known) {
    WeightMap part = closest(needed);
    WeightMismatch mismatch = WeightMismatch.between(part, needed);
    mismatch.withUnexpected(part, name -> !known.containsKey(name)).refuse(part.file);
    mismatch.withUnexpected(part, isOfAnother(known.keySet())).refuseUnexpected(part.file);
    needed.keySet().forEach(part::requireFinite);
    return part;
  }

  /**
   * The same without any check: where nothing fits, the part that has the most of the names.
   *
   * @throws WeightException if several parts fit and differ
   */
  public WeightMap closest(Map<String, int[]> needed) {
    return NetworkPart.of(this, needed);
  }

  private static Predicate<String> isOfAnother(Set<String> known) {
    Set<String> modules = known.stream().map(WeightMap::module).collect(Collectors.toSet());
    return name ->
        !known.contains(name) && modules.contains(module(name)) && !name.endsWith(COUNTER);
  }

  private static String module(String name) {
    return name.substring(0, Math.max(0, name.indexOf('.')));
  }

  private void requireFinite(String name) {
    float[] values = tensors.get(name).values();

    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new WeightException(
            "weights.not-finite",
            "Cannot use weights %s: tensor %s holds %s at index %d"
                .formatted(file, name, values[i], i));
      }
    }
  }
}

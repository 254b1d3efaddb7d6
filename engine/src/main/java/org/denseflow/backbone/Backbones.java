package org.denseflow.backbone;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backbones of all runtimes, by name or file: see {@link BackboneProvider}. */
public final class Backbones {
  private static final List<BackboneProvider> PROVIDERS =
      ServiceLoader.load(BackboneProvider.class, BackboneProvider.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Backbones() {}

  /** The names of all backbones, in alphabetical order. */
  public static List<String> names() {
    return PROVIDERS.stream().flatMap(runtime -> runtime.names().stream()).sorted().toList();
  }

  /** The names, and the kinds of files that are backbones of their own, as {@code FILE.zip}. */
  public static List<String> choices() {
    return Stream.concat(
            names().stream(),
            PROVIDERS.stream()
                .flatMap(runtime -> runtime.fileEnding().stream())
                .map("FILE"::concat))
        .toList();
  }

  /** Whether a name is that of a file that is a backbone of its own. */
  public static boolean isFile(String name) {
    return find(name).flatMap(BackboneProvider::fileEnding).isPresent();
  }

  /**
   * What a caller must know of a backbone.
   *
   * @throws IllegalArgumentException if there is no such backbone
   */
  public static BackboneInfo info(BackboneSpec spec) {
    return provider(spec).info(spec);
  }

  /**
   * Makes a backbone.
   *
   * @throws IllegalArgumentException if name or taps are unknown, or the weights are not given
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static Backbone create(BackboneSpec spec) {
    return provider(spec).create(spec);
  }

  /**
   * Checks a specification without making the backbone or touching a device.
   *
   * @return the digest of the weights, {@link Backbone#NO_WEIGHTS} without
   * @throws IllegalArgumentException if name or taps are unknown, or the weights are not given
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static String validate(BackboneSpec spec) {
    return provider(spec).validate(spec);
  }

  /**
   * The taps that a backbone of a specification has; of a file that is not at hand those that are
   * asked for.
   *
   * @throws IllegalArgumentException if the specification names others
   */
  public static List<String> taps(BackboneSpec spec) {
    boolean isUnseen = isFile(spec.name()) && spec.weights().isEmpty();

    if (isUnseen && spec.taps().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot tell the default tap of %s here; name it with --set backbone.taps=[...]"
              .formatted(spec.name()));
    }

    return isUnseen ? spec.taps() : info(spec).choose(spec.taps());
  }

  static String withoutWeights() {
    return names().stream()
        .filter(name -> needsNoFile(new BackboneSpec(name, List.of(), Optional.empty())))
        .collect(Collectors.joining(" or "));
  }

  private static boolean needsNoFile(BackboneSpec spec) {
    return info(spec).weights() != BackboneInfo.Weights.FILE;
  }

  private static BackboneProvider provider(BackboneSpec spec) {
    return find(spec.name())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid backbone: %s, expected one of %s%s"
                        .formatted(
                            spec.name(),
                            choices(),
                            NearestName.to(spec.name(), names())
                                .map("; did you mean %s?"::formatted)
                                .orElse(""))));
  }

  private static Optional<BackboneProvider> find(String name) {
    List<BackboneProvider> found =
        PROVIDERS.stream()
            .filter(
                runtime ->
                    runtime.names().contains(name)
                        || runtime.fileEnding().filter(name::endsWith).isPresent())
            .toList();

    if (found.size() > 1) {
      throw new IllegalStateException(
          "Cannot make backbone %s: several runtimes do, %s".formatted(name, found));
    }

    return found.stream().findFirst();
  }
}

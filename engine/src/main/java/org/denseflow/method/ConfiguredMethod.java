package org.denseflow.method;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.ConfigException;
import org.denseflow.config.Presets;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.FeatureMethod;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.MethodFiles;
import org.denseflow.matcher.MethodProvider;
import org.denseflow.matcher.NetworkMethod;
import org.denseflow.matcher.ReadOutParameters;
import org.denseflow.matcher.projection.ProjectedBackbone;
import org.denseflow.matcher.sfnet.AdaptedBackbone;

/** A method with its parameters: checks what files it is given, and makes its matcher. */
public final class ConfiguredMethod<P extends Record> {
  private static final Registry<Method<?>> METHODS =
      new Registry<>(
          "method",
          ServiceLoader.load(MethodProvider.class).stream()
              .flatMap(provider -> provider.get().methods().stream()),
          Method::name);

  private final Method<P> method;
  private final MethodConfig<P> config;

  /**
   * Joins a method and its parameters.
   *
   * @throws IllegalArgumentException if they do not fit
   */
  public ConfiguredMethod(Method<P> method, MethodConfig<P> config) {
    method.check(config);
    this.method = method;
    this.config = config;
  }

  /** The names of all methods. */
  public static List<String> names() {
    return METHODS.names();
  }

  /**
   * The configuration of a preset.
   *
   * @throws IllegalArgumentException with the nearest name if there is none
   */
  public static Config preset(String name) {
    return Presets.find("methods", name).orElseThrow(() -> METHODS.unknown(name));
  }

  /**
   * The method that a configuration names, with its parameters.
   *
   * @throws ConfigException listing every error of the configuration
   * @throws IllegalArgumentException if there is no such method, or the parameters do not fit it
   */
  public static ConfiguredMethod<?> of(Config config) {
    return of(METHODS.get(config), config);
  }

  @SuppressWarnings("unchecked")
  private static <P extends Record> ConfiguredMethod<P> of(Method<P> method, Config config) {
    MethodConfig<P> bound =
        (MethodConfig<P>) ConfigBinder.bind(config, MethodConfig.class, method.parameters());
    return new ConfiguredMethod<>(method, bound);
  }

  /** The method's name. */
  public String name() {
    return method.name();
  }

  /** The number of its results. */
  public int results() {
    return method.results();
  }

  /** Its parameters. */
  public MethodConfig<P> config() {
    return config;
  }

  /**
   * Makes a matcher.
   *
   * @throws IllegalArgumentException if backbone or taps are unknown, the model is missing, or the
   *     method cannot use a projection
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public AnyMatcher create(MethodFiles files) {
    requireFiles(files);

    if (method instanceof NetworkMethod<P> networks) {
      Path model = files.model().orElseThrow();
      return orClose(
          Backbones.create(spec(files)), backbone -> networks.create(config, model, backbone));
    }

    FeatureMethod<P> matching = (FeatureMethod<P>) method;
    return orClose(described(files), features -> matching.create(config, features));
  }

  /**
   * Makes what describes images for a method that matches features as they are: the backbone, and
   * where they are given its adaptation layers and its projection.
   *
   * @throws IllegalArgumentException as {@link #create}, and for a method with networks of its own
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public Backbone features(MethodFiles files) {
    requireProjectable(files);
    requireFiles(files);
    return described(files);
  }

  private Backbone described(MethodFiles files) {
    Backbone backbone = Backbones.create(spec(files));
    double share = config.adaptation().orElse(1.0);
    Backbone adapted =
        files.model().isPresent()
            ? new AdaptedBackbone(backbone, files.model().get(), share)
            : backbone;
    return files.projection().isPresent()
        ? new ProjectedBackbone(adapted, files.projection().get())
        : adapted;
  }

  private static AnyMatcher orClose(Backbone backbone, Function<Backbone, DenseMatcher<?>> maker) {
    try {
      return new AnyMatcher(maker.apply(backbone));
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /**
   * Checks the files without making the backbone.
   *
   * @return the digest of all files, as {@link DenseMatcher#weightDigest}
   * @throws IllegalArgumentException as {@link #create}
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public String validate(MethodFiles files) {
    requireFiles(files);
    BackboneSpec spec = spec(files);
    BackboneInfo info = Backbones.info(spec);
    info.requireSize(config.image());
    BackboneIdentity backbone =
        new BackboneIdentity(spec.name(), info.choose(spec.taps()), Backbones.validate(spec));
    String adapted =
        files.model().map(model -> validate(model, backbone)).orElse(backbone.weights());
    return files
        .projection()
        .map(file -> ProjectedBackbone.validate(file, backbone.followedBy(adapted)))
        .orElse(adapted);
  }

  private String validate(Path model, BackboneIdentity backbone) {
    return method instanceof NetworkMethod<P> networks
        ? networks.digest(config, model, backbone)
        : AdaptedBackbone.validate(model, backbone, config.adaptation().orElse(1.0));
  }

  private BackboneSpec spec(MethodFiles files) {
    return config.backbone().spec(files.weights());
  }

  private void requireFiles(MethodFiles files) {
    if (files.projection().isPresent()) {
      requireProjectable(files);
    }

    if (files.model().isEmpty() && method.untrained().isPresent()) {
      throw new IllegalArgumentException(
          "Method %s needs a trained model: pass --model, or use %s"
              .formatted(name(), method.untrained().get()));
    }
  }

  /**
   * Checks that the method matches features that {@link #features} describes.
   *
   * @throws IllegalArgumentException that says why not
   */
  public void requireProjectable(MethodFiles files) {
    method
        .unprojectable(Backbones.info(spec(files)))
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(
                  "Method %s cannot use a projection: %s; leave --projection out, or use guided"
                      .formatted(name(), reason));
            });
  }

  /**
   * Checks that the method matches features in half precision.
   *
   * @throws IllegalArgumentException that says why not
   */
  public void requireNarrowable() {
    if (!method.readsHalfPrecision()) {
      throw new IllegalArgumentException(
          "Cannot keep features in half precision: the networks of %s read them as they are; set features.precision to single"
              .formatted(name()));
    }
  }

  /**
   * All that the features of an image depend on besides its pixels, by name: methods that agree in
   * it can match the same features.
   *
   * @param files that {@link #validate} takes
   * @throws IllegalArgumentException for a method that does not match the cells of a grid
   */
  public Map<String, String> describing(MethodFiles files) {
    if (!(config.own() instanceof ReadOutParameters volume)) {
      throw new IllegalArgumentException(
          "Method %s cannot match stored features: those of an image's cells are stored, and it describes images in another way; use guided, nn, mutual-nn, kernel-soft-argmax, sfnet or gsf"
              .formatted(name()));
    }

    BackboneSpec spec = spec(files);
    BackboneInfo info = Backbones.info(spec);
    WorkingSize size = config.image();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("backbone", spec.name());
    all.put("taps", String.join(",", info.choose(spec.taps())));
    all.put("weights", validate(files));
    all.put("preprocessing", info.preprocessing().toString());
    all.put("working-size", describing(size));
    all.putAll(volume.describing());
    return all;
  }

  private static String describing(WorkingSize size) {
    int padding = size.padding().orElse(0);
    String padded =
        padding == 0
            ? ""
            : ", padded %d %s%s"
                .formatted(
                    padding,
                    size.border().orElse(WorkingSize.Border.MEAN),
                    size.matchesRing() ? " with its ring" : "");
    return "%dx%d %s%s"
        .formatted(
            size.width(),
            size.height(),
            size.resizing().orElse(WorkingSize.Resizing.EXACT),
            padded);
  }

  /**
   * Checks that flows have the cells that were matched, whose features are mixed where they point.
   *
   * @throws IllegalArgumentException that says why not
   */
  public void requireCells() {
    if (config.decoding() == Decoding.PIXELS || config.image().matchesRing()) {
      throw new IllegalArgumentException(
          "Cannot transfer attributes by flows of pixels or without the ring of padding: set decoding to cells and image.ring to before");
    }
  }
}

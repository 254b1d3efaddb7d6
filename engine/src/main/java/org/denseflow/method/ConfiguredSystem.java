package org.denseflow.method;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.ConfigException;
import org.denseflow.config.Presets;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.style.StyleWeights;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.LearnerFiles;
import org.denseflow.training.TrainableSystem;
import org.denseflow.training.TrainableSystem.Frozen;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** A trainable system with its parameters: checks what files it is given, and makes its learner. */
public final class ConfiguredSystem<P extends Record> {
  @SuppressWarnings("rawtypes")
  private static final Registry<TrainableSystem<?>> SYSTEMS =
      new Registry<>(
          "system",
          ServiceLoader.load(TrainableSystem.class).stream()
              .map(provider -> (TrainableSystem<?>) provider.get()),
          TrainableSystem::name);

  private final TrainableSystem<P> system;
  private final LearnerConfig<P> config;

  private ConfiguredSystem(TrainableSystem<P> system, LearnerConfig<P> config) {
    if (system.hasBackbone() != config.backbone().isPresent()) {
      throw new IllegalArgumentException(
          (system.hasBackbone()
                  ? "Missing configuration: backbone of %s"
                  : "Invalid backbone: %s has none")
              .formatted(system.name()));
    }

    system.check(config);
    this.system = system;
    this.config = config;
  }

  /** The names of all systems. */
  public static List<String> names() {
    return SYSTEMS.names();
  }

  /**
   * The configuration of a preset.
   *
   * @throws IllegalArgumentException with the nearest name if there is none
   */
  public static Config preset(String name) {
    return Presets.find("training", name).orElseThrow(() -> SYSTEMS.unknown(name));
  }

  /**
   * The system that a configuration names, with its parameters.
   *
   * @throws ConfigException listing every error of the configuration
   * @throws IllegalArgumentException if there is no such system, or the parameters do not fit it
   */
  public static ConfiguredSystem<?> of(Config config) {
    return of(SYSTEMS.get(config), config);
  }

  @SuppressWarnings("unchecked")
  private static <P extends Record> ConfiguredSystem<P> of(
      TrainableSystem<P> system, Config config) {
    LearnerConfig<P> bound =
        (LearnerConfig<P>) ConfigBinder.bind(config, LearnerConfig.class, system.parameters());
    return new ConfiguredSystem<>(system, bound);
  }

  /** The system. */
  public TrainableSystem<P> system() {
    return system;
  }

  /** Its parameters. */
  public LearnerConfig<P> config() {
    return config;
  }

  /** How many pairs the system must have seen before its first step. */
  public int sample() {
    return system.sample(config.own());
  }

  /**
   * Makes a learner.
   *
   * @throws IllegalArgumentException if backbone or taps are unknown, or a file is missing or not
   *     used
   * @throws WeightException if a file does not fit
   */
  public Learner create(LearnerFiles files) {
    requireUse(files);

    if (!system.hasBackbone()) {
      return system.create(config, new Frozen(Optional.empty(), Optional.empty(), files.codec()));
    }

    Backbone backbone = Backbones.create(spec(files));

    try {
      backbone.info().requireSize(config.image());
      return system.create(
          config, new Frozen(Optional.of(backbone), files.features(), files.codec()));
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /**
   * Checks the files without making the backbone.
   *
   * @return the digests of the features and of the style network, "none" for no features
   * @throws IllegalArgumentException as {@link #create}
   * @throws WeightException if a file does not fit
   */
  public String validate(LearnerFiles files) {
    if (!system.hasBackbone() && files.weights().isPresent()) {
      throw new IllegalArgumentException(
          "Invalid weights: %s has no backbone".formatted(system.name()));
    }

    requireUse(files);
    String features = system.hasBackbone() ? features(files) : "none";
    return features + files.codec().map(file -> system.validateCodec(config, file)).orElse("");
  }

  private String features(LearnerFiles files) {
    BackboneIdentity backbone = backbone(files);
    return files
        .features()
        .map(file -> AdaptedBackbone.validate(file, backbone, config.share()))
        .orElse(backbone.weights());
  }

  private void requireUse(LearnerFiles files) {
    if (files.features().isPresent() && !system.readsAdaptedFeatures()) {
      throw new IllegalArgumentException(
          "Invalid features: %s learns on the backbone's own; leave --features out"
              .formatted(system.name()));
    }

    if (system.needsCodec() != files.codec().isPresent()) {
      throw new IllegalArgumentException(
          (system.needsCodec()
                  ? "Missing codec: %s needs --codec, the weights of VGG-19 to relu3_1 or relu4_1"
                  : "Invalid codec: %s uses no style network; leave --codec out")
              .formatted(system.name()));
    }
  }

  /**
   * Checks the model that training starts from.
   *
   * @return the digests of backbone and model, "" where training starts from none
   * @throws IllegalArgumentException if the system cannot start from a model
   * @throws WeightException if it is of another system or backbone, or was trained on other
   *     features
   */
  public String validateStart(LearnerFiles files) {
    return files.start().map(model -> validateStart(files, model)).orElse("");
  }

  private String validateStart(LearnerFiles files, Path model) {
    system
        .startRefusal()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("Invalid start: " + reason);
            });
    WeightMap map = WeightFile.read(model);
    BackboneIdentity backbone = backbone(files);
    String stated =
        system.starts().stream()
            .filter(name -> TrainedModel.isOf(map, name))
            .findFirst()
            .orElse(system.name());
    String digest = TrainedModel.digest(map, stated, backbone);
    String share = files.features().isPresent() ? String.valueOf(config.share()) : null;
    boolean same =
        Objects.equals(map.metadata().get(AdaptedBackbone.SHARE), share)
            && files
                .features()
                .map(file -> contains(map, AdaptedBackbone.layers(file, backbone.taps())))
                .orElse(true);

    if (!same) {
      throw new WeightException(
          "model.mismatch",
          "Cannot start from %s: it was trained on other features; pass the same --features, or none, and the same adaptation"
              .formatted(map.file()));
    }

    return digest;
  }

  private static boolean contains(WeightMap model, WeightMap part) {
    return part.names().stream()
        .allMatch(
            name ->
                model.names().contains(name)
                    && Arrays.equals(
                        model.tensors().get(name).values(), part.tensors().get(name).values()));
  }

  /**
   * The tensors of a model file: those that were trained, as the system keeps them, the adaptation
   * layers of the SFNet whose features it learnt on, and the style network it was given.
   *
   * @throws WeightException if those do not fit
   */
  public Map<String, Tensor> model(Map<String, Tensor> trained, LearnerFiles files) {
    files
        .features()
        .ifPresent(
            file ->
                trained.putAll(
                    AdaptedBackbone.layers(file, Backbones.taps(spec(files))).tensors()));
    files
        .codec()
        .ifPresent(file -> StyleWeights.read(file).tensors().forEach(trained::putIfAbsent));
    return system.model(trained);
  }

  private BackboneIdentity backbone(LearnerFiles files) {
    BackboneSpec spec = spec(files);
    BackboneInfo info = Backbones.info(spec);
    info.requireSize(config.image());
    return new BackboneIdentity(spec.name(), info.choose(spec.taps()), Backbones.validate(spec));
  }

  private BackboneSpec spec(LearnerFiles files) {
    return config.backbone().orElseThrow().spec(files.weights());
  }
}

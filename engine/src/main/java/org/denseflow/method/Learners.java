package org.denseflow.method;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.distillation.DistillationLearner;
import org.denseflow.matcher.guided.GsfLearner;
import org.denseflow.matcher.guided.GsfModel;
import org.denseflow.matcher.proposals.ScnetLearner;
import org.denseflow.matcher.recurrent.RtnLearner;
import org.denseflow.matcher.recurrent.SamLearner;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.matcher.sfnet.SfnetLearner;
import org.denseflow.style.CodecLearner;
import org.denseflow.style.StyleWeights;
import org.denseflow.training.Learner;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** Makes the systems that learn from their configuration. */
public final class Learners {
  /** The one that has no backbone. */
  private static final String CODEC = "codec";

  /**
   * All systems by name, and the number of their results: it is raised whenever the same training
   * leaves another model, so that no training goes on from a checkpoint of before.
   */
  private static final Map<String, Integer> SYSTEMS =
      new TreeMap<>(
          Map.of(
              "sfnet",
              1,
              "gsf",
              1,
              "rtn",
              1,
              "samnet",
              1,
              "scnet",
              1,
              CODEC,
              1,
              DistillationLearner.SYSTEM,
              1));

  private Learners() {}

  /**
   * Makes a learner.
   *
   * @param weights the backbone's weight file, where it needs one
   * @param features a trained SFNet whose adaptation layers follow the backbone, if wanted
   * @param codec the style network, where it is needed
   * @throws IllegalArgumentException if system, backbone or taps are unknown or parameters are
   *     missing
   * @throws org.denseflow.weights.WeightException if a file does not fit
   */
  public static Learner create(
      LearnerConfig config, Optional<Path> weights, Optional<Path> features, Optional<Path> codec) {
    requireParameters(config);
    requireUse(config, features);
    requireCodec(config, codec);

    if (isCodec(config)) {
      int width = config.image().width();
      return new CodecLearner(config.codec().get(), width, config.image().height(), codec.get());
    }

    Backbone backbone = Backbones.create(backbone(config, weights));

    try {
      return create(config, backbone, features, codec);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  private static Learner create(
      LearnerConfig config, Backbone backbone, Optional<Path> features, Optional<Path> codec) {
    return switch (config.system()) {
      case "gsf" -> gsf(config, backbone, features);
      case "rtn" -> new RtnLearner(config.rtn().get(), backbone, config.image());
      case "samnet" ->
          new SamLearner(
              config.rtn().get(), config.samnet().get(), backbone, config.image(), codec.get());
      case "scnet" -> new ScnetLearner(config.scnet().get(), backbone, config.image());
      case DistillationLearner.SYSTEM ->
          new DistillationLearner(config.distillation().get(), backbone, config.image());
      case "sfnet" -> new SfnetLearner(config.sfnet().get(), backbone, config.image());
      default -> throw unknown(config.system());
    };
  }

  private static Learner gsf(LearnerConfig config, Backbone backbone, Optional<Path> features) {
    Map<String, String> metadata = TrainedModel.metadata(config.system(), backbone);
    Backbone adapted =
        features.isPresent()
            ? new AdaptedBackbone(backbone, features.get(), share(config))
            : backbone;
    features.ifPresent(file -> metadata.put(GsfModel.ADAPTATION, String.valueOf(share(config))));
    return new GsfLearner(config.gsf().get(), adapted, config.image(), metadata);
  }

  private static double share(LearnerConfig config) {
    return config.adaptation().orElse(1.0);
  }

  private static boolean isCodec(LearnerConfig config) {
    return config.system().equals(CODEC);
  }

  private static void requireUse(LearnerConfig config, Optional<Path> features) {
    if (features.isPresent() && !config.system().equals("gsf")) {
      throw new IllegalArgumentException(
          "Invalid features: %s learns on the backbone's own".formatted(config.system()));
    }
  }

  private static void requireCodec(LearnerConfig config, Optional<Path> codec) {
    boolean wanted = config.system().equals("samnet") || isCodec(config);

    if (wanted != codec.isPresent()) {
      throw new IllegalArgumentException(
          (wanted
                  ? "Missing codec: %s needs --codec, the weights of VGG-19 to relu3_1 or relu4_1"
                  : "Invalid codec: %s has no use for it")
              .formatted(config.system()));
    }
  }

  /**
   * Checks a style network.
   *
   * @return its digest, "" without one
   * @throws IllegalArgumentException if it is missing, the system does not use it, or images of the
   *     working size do not fit
   * @throws WeightException if it does not fit
   */
  public static String validateCodec(LearnerConfig config, Optional<Path> codec) {
    requireCodec(config, codec);
    Optional<StyleWeights> read = codec.map(StyleWeights::read);

    if (isCodec(config)) {
      CodecLearner.size(config.image().width(), config.image().height(), read.get());
    } else {
      read.ifPresent(StyleWeights::requireDecoder);
    }

    return read.map(StyleWeights::digest).orElse("");
  }

  /**
   * Checks features without making the backbone.
   *
   * @param weights digest of the backbone's weights
   * @return the digest of the features
   * @throws IllegalArgumentException if the system does not use them
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public static String validateFeatures(LearnerConfig config, String weights, Path features) {
    requireUse(config, Optional.of(features));
    return AdaptedBackbone.validate(
        features, config.backbone().get().name(), taps(config), weights, share(config));
  }

  /**
   * Checks a configuration without making its backbone.
   *
   * @return the digest of the backbone's weights, "none" without
   * @throws IllegalArgumentException as {@link #create}
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static String validate(LearnerConfig config, Optional<Path> weights) {
    requireParameters(config);

    if (!isCodec(config)) {
      return Backbones.validate(backbone(config, weights));
    }

    if (weights.isPresent()) {
      throw new IllegalArgumentException("Invalid weights: codec has no backbone");
    }

    return "none";
  }

  /**
   * Checks that a training can start from a model.
   *
   * @param weights digest of the backbone's weights
   * @param features the SFNet whose features will be used, if any
   * @return the digests of backbone and model
   * @throws WeightException if it is of another system or backbone, or was trained on other
   *     features
   */
  public static String validateStart(
      LearnerConfig config, String weights, Optional<Path> features, Path model) {
    if (isCodec(config)) {
      throw new IllegalArgumentException(
          "Invalid start: codec starts from the decoder of --codec; pass the model there");
    }

    if (isBackbone(config)) {
      throw new IllegalArgumentException(
          "Invalid start: distillation starts from random weights; leave out --start");
    }

    WeightMap map = WeightFile.read(model);
    String digest =
        TrainedModel.digest(
            map,
            startsFromRtn(config, map) ? "rtn" : config.system(),
            config.backbone().get().name(),
            taps(config),
            weights);
    String share = features.isPresent() ? String.valueOf(share(config)) : null;
    boolean same =
        Objects.equals(map.metadata().get(GsfModel.ADAPTATION), share)
            && features
                .map(file -> contains(map, AdaptedBackbone.layers(file, taps(config))))
                .orElse(true);

    if (!same) {
      throw new WeightException(
          "model.mismatch",
          "Cannot start from %s: it was trained on other features; pass the same --features, or none, and the same adaptation"
              .formatted(map.file()));
    }

    return digest;
  }

  /** SAM-Net's matching network is that of RTNs. */
  private static boolean startsFromRtn(LearnerConfig config, WeightMap model) {
    return config.system().equals("samnet") && TrainedModel.isOf(model, "rtn");
  }

  private static boolean contains(WeightMap model, WeightMap part) {
    return part.names().stream()
        .allMatch(
            name ->
                model.names().contains(name)
                    && Arrays.equals(
                        model.tensors().get(name).values(), part.tensors().get(name).values()));
  }

  private static void requireParameters(LearnerConfig config) {
    results(config.system());
    Optional<?> parameters =
        switch (config.system()) {
          case "gsf" -> config.gsf();
          case "rtn" -> config.rtn();
          case "samnet" -> config.rtn().isPresent() ? config.samnet() : config.rtn();
          case CODEC -> config.codec();
          case "scnet" -> config.scnet();
          case DistillationLearner.SYSTEM -> config.distillation();
          case "sfnet" -> config.sfnet();
          default -> throw unknown(config.system());
        };

    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("Missing configuration: " + config.system());
    }

    if (config.image().matchesRing()) {
      throw new IllegalArgumentException(
          "Invalid image.ring: training cannot leave padding out after matching; set it to before");
    }

    if (config.system().equals("sfnet") && config.image().padding().orElse(0) > 0) {
      throw new IllegalArgumentException(
          "Invalid image.padding: sfnet trains on images without; leave it out");
    }

    if (isCodec(config) == config.backbone().isPresent()) {
      throw new IllegalArgumentException(
          (isCodec(config)
                  ? "Invalid backbone: %s has none"
                  : "Missing configuration: backbone of %s")
              .formatted(config.system()));
    }

    if (config.system().equals("scnet") && config.training().batch() != 1) {
      throw new IllegalArgumentException(
          "Invalid training: scnet learns from one pair at a time (Section 4); set training.batch=1");
    }

    if (isBackbone(config) && config.training().batch() < 2) {
      throw new IllegalArgumentException(
          "Invalid batch: distillation compares each pair with another, so 2 at least, found 1");
    }
  }

  /**
   * What a model file holds of a training's tensors: all of them, or for distillation a backbone's
   * weights.
   */
  public static Map<String, Tensor> model(LearnerConfig config, Map<String, Tensor> trained) {
    return isBackbone(config) ? DistillationLearner.weights(trained) : trained;
  }

  /**
   * The number of a system's results.
   *
   * @throws IllegalArgumentException if there is no such system
   */
  public static int results(String system) {
    if (!SYSTEMS.containsKey(system)) {
      throw unknown(system);
    }

    return SYSTEMS.get(system);
  }

  private static IllegalArgumentException unknown(String system) {
    return new IllegalArgumentException(
        "Invalid system: %s, expected one of %s".formatted(system, SYSTEMS.keySet()));
  }

  /** Whether the model is a backbone's weight file. */
  public static boolean isBackbone(LearnerConfig config) {
    return config.system().equals(DistillationLearner.SYSTEM);
  }

  /** Whether a system learns from keypoints of both images. */
  public static boolean needsKeypoints(LearnerConfig config) {
    return config.system().equals("scnet");
  }

  /** How many pairs a system must have seen before its first step. */
  public static int sample(LearnerConfig config) {
    return isBackbone(config) ? config.distillation().get().sample() : 0;
  }

  private static List<String> taps(LearnerConfig config) {
    return Backbones.taps(backbone(config, Optional.empty()));
  }

  /**
   * The adaptation layers of the SFNet whose features a system learns on; its model has them too.
   *
   * @throws WeightException if they do not fit
   */
  public static Map<String, Tensor> featureLayers(LearnerConfig config, Path features) {
    return AdaptedBackbone.layers(features, taps(config)).tensors();
  }

  private static BackboneSpec backbone(LearnerConfig config, Optional<Path> weights) {
    MethodConfig.BackboneChoice choice = config.backbone().get();
    return new BackboneSpec(choice.name(), choice.taps(), weights);
  }
}

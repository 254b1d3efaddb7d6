package org.denseflow.method;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.HogBackbone;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ReadOut;
import org.denseflow.matcher.guided.GsfModel;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.nn.KernelSoftArgmax;
import org.denseflow.matcher.nn.NearestNeighbour;
import org.denseflow.matcher.projection.ProjectedBackbone;
import org.denseflow.matcher.proposals.RegionMatcher;
import org.denseflow.matcher.proposals.RegionParameters;
import org.denseflow.matcher.proposals.ScnetModel;
import org.denseflow.matcher.recurrent.RecurrentMatcher;
import org.denseflow.matcher.recurrent.RecurrentModel;
import org.denseflow.matcher.recurrent.RtnModel;
import org.denseflow.matcher.recurrent.SamModel;
import org.denseflow.matcher.sfnet.AdaptedBackbone;

/** Makes matchers from their configuration. */
public final class Matchers {

  /**
   * All methods by name, and the number of their results: it is raised whenever a method, the
   * features it is given or its default parameters give other matches for the same images, so that
   * no run has matches of both.
   */
  private static final Map<String, Integer> METHODS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("nn", 1),
              Map.entry("mutual-nn", 1),
              Map.entry("kernel-soft-argmax", 1),
              Map.entry("guided", 1),
              Map.entry("sfnet", 1),
              Map.entry("gsf", 1),
              Map.entry("rtn", 1),
              Map.entry("samnet", 1),
              Map.entry("nam", 1),
              Map.entry("phm", 1),
              Map.entry("lom", 1),
              Map.entry("scnet-a", 1),
              Map.entry("scnet-ag", 1),
              Map.entry("scnet-ag-plus", 1)));

  /** Methods that match region proposals; they differ in their parameters only. */
  private static final List<String> REGIONS = List.of("nam", "phm", "lom");

  /** The same with trained embeddings of regions. */
  private static final Map<String, ScnetModel.Use> SCNET =
      Map.of(
          "scnet-a", ScnetModel.Use.APPEARANCE,
          "scnet-ag", ScnetModel.Use.APPEARANCE,
          "scnet-ag-plus", ScnetModel.Use.APPEARANCE_AND_GEOMETRY);

  /** Methods that read what TrainJob made; others may. */
  private static final Map<String, String> TRAINED =
      Map.of(
          "sfnet", "kernel-soft-argmax for the features as they are",
          "gsf", "guided, which has no learned parts",
          "rtn", "guided, which has no learned parts",
          "samnet", "guided, which has no learned parts",
          "scnet-a", "nam, which has no learned parts",
          "scnet-ag", "phm, which has no learned parts",
          "scnet-ag-plus", "phm, which has no learned parts");

  private Matchers() {}

  /** The names of all methods. */
  public static List<String> methods() {
    return List.copyOf(METHODS.keySet());
  }

  /**
   * The number of a method's results.
   *
   * @throws IllegalArgumentException if there is no such method
   */
  public static int results(String method) {
    if (!METHODS.containsKey(method)) {
      throw unknown(method);
    }

    return METHODS.get(method);
  }

  private static IllegalArgumentException unknown(String method) {
    return new IllegalArgumentException(
        "Invalid method: %s, expected one of %s".formatted(method, methods()));
  }

  /**
   * Makes a matcher.
   *
   * @throws IllegalArgumentException if method, backbone or taps are unknown, parameters or the
   *     model are missing, or the method has no use for a projection
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public static DenseMatcher create(MethodConfig config, MethodFiles files) {
    requireParameters(config);
    requireFiles(config, files);

    if (hasNetworks(config)) {
      return ofNetwork(config, Backbones.create(backbone(config, files)), files.model().get());
    }

    Backbone features = described(config, files);

    if (REGIONS.contains(config.method())) {
      return new RegionMatcher(
          config.image(), config.regions().get(), features, config.steps().isPresent());
    }

    return ofVolume(config, features, readOut(config), features.weightDigest());
  }

  /**
   * Makes what describes images for a method that matches features as they are: the backbone, and
   * where they are given its adaptation layers and its projection.
   *
   * @throws IllegalArgumentException as {@link #create}, and for a method with networks of its own
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public static Backbone features(MethodConfig config, MethodFiles files) {
    requireProjectable(config);
    requireFiles(config, files);
    return described(config, files);
  }

  private static DenseMatcher ofVolume(
      MethodConfig config, Backbone features, ReadOut readOut, String digest) {
    return new CorrelationMatcher(
        config.image(),
        config.correlation().get(),
        config.decoding().orElse(Decoding.CELLS),
        features,
        readOut,
        digest);
  }

  private static Backbone described(MethodConfig config, MethodFiles files) {
    Backbone backbone = Backbones.create(backbone(config, files));
    double share = config.adaptation().orElse(1.0);
    Backbone adapted =
        files.model().isPresent()
            ? new AdaptedBackbone(backbone, files.model().get(), share)
            : backbone;
    return files.projection().isPresent()
        ? new ProjectedBackbone(adapted, files.projection().get())
        : adapted;
  }

  private static DenseMatcher ofNetwork(MethodConfig config, Backbone backbone, Path model) {
    return switch (config.method()) {
      case "gsf" -> gsf(config, backbone, model);
      case "rtn", "samnet" -> recurrent(config, backbone, model);
      case "scnet-a", "scnet-ag", "scnet-ag-plus" -> scnet(config, backbone, model);
      default -> throw unknown(config.method());
    };
  }

  private static DenseMatcher scnet(MethodConfig config, Backbone backbone, Path file) {
    ScnetModel model =
        reading(
            backbone,
            () -> scnet(config, file, backbone.name(), backbone.taps(), backbone.weightDigest()));
    return new RegionMatcher(
        config.image(), config.regions().get(), backbone, model, config.steps().isPresent());
  }

  private static ScnetModel scnet(
      MethodConfig config, Path model, String backbone, List<String> taps, String weights) {
    return ScnetModel.read(
        model,
        SCNET.get(config.method()),
        config.regions().get().pooling(),
        backbone,
        taps,
        weights);
  }

  /** Whether features go through networks of the model; those of sfnet make the features. */
  private static boolean hasNetworks(MethodConfig config) {
    return TRAINED.containsKey(config.method()) && !config.method().equals("sfnet");
  }

  private static boolean isRecurrent(MethodConfig config) {
    return config.method().equals("rtn") || config.method().equals("samnet");
  }

  private static DenseMatcher recurrent(MethodConfig config, Backbone backbone, Path file) {
    RecurrentModel model =
        reading(
            backbone,
            () ->
                recurrent(config, file, backbone.name(), backbone.taps(), backbone.weightDigest()));
    return new RecurrentMatcher(config.image(), backbone, model, config.steps().isPresent());
  }

  private static RecurrentModel recurrent(
      MethodConfig config, Path model, String backbone, List<String> taps, String weights) {
    MethodConfig.Recurrent parameters = config.recurrent().get();
    return switch (config.method()) {
      case "rtn" -> RtnModel.read(model, backbone, taps, weights, parameters.passes());
      case "samnet" ->
          SamModel.read(
              model,
              backbone,
              taps,
              weights,
              parameters.passes(),
              parameters.strength().orElse(1.0),
              parameters.scale());
      default -> throw unknown(config.method());
    };
  }

  private static DenseMatcher gsf(MethodConfig config, Backbone backbone, Path file) {
    GsfModel model =
        reading(
            backbone,
            () -> GsfModel.read(file, backbone.name(), backbone.taps(), backbone.weightDigest()));
    GuidedMatching guided = guided(config, Optional.of(model));
    return ofVolume(config, model.features(backbone), guided, model.digest());
  }

  /** Reads a model; closes the backbone where that fails. */
  private static <T> T reading(Backbone backbone, Supplier<T> model) {
    try {
      return model.get();
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /**
   * Checks a configuration without making its backbone.
   *
   * @return the digest of all files, as {@link DenseMatcher#weightDigest}
   * @throws IllegalArgumentException as {@link #create}
   * @throws org.denseflow.weights.WeightException if the files do not fit
   */
  public static String validate(MethodConfig config, MethodFiles files) {
    requireParameters(config);
    requireFiles(config, files);
    BackboneSpec spec = backbone(config, files);
    List<String> taps = Backbones.taps(spec);
    String weights = Backbones.validate(spec);
    String adapted =
        files.model().map(model -> validate(config, model, spec, taps, weights)).orElse(weights);
    return files
        .projection()
        .map(file -> ProjectedBackbone.validate(file, spec.name(), taps, adapted))
        .orElse(adapted);
  }

  private static String validate(
      MethodConfig config, Path model, BackboneSpec spec, List<String> taps, String weights) {
    return switch (config.method()) {
      case "gsf" -> GsfModel.read(model, spec.name(), taps, weights).digest();
      case "rtn", "samnet" -> recurrent(config, model, spec.name(), taps, weights).digest();
      case "scnet-a", "scnet-ag", "scnet-ag-plus" ->
          scnet(config, model, spec.name(), taps, weights).digest();
      case "nn", "mutual-nn", "kernel-soft-argmax", "guided", "sfnet", "nam", "phm", "lom" ->
          AdaptedBackbone.validate(
              model, spec.name(), taps, weights, config.adaptation().orElse(1.0));
      default -> throw unknown(config.method());
    };
  }

  private static void requireParameters(MethodConfig config) {
    requireDecodable(config);

    if (isRecurrent(config)) {
      required(config.recurrent(), "recurrent");
    } else if (REGIONS.contains(config.method()) || SCNET.containsKey(config.method())) {
      requireGeometry(config.method(), required(config.regions(), "regions"));
    } else {
      readOut(config);
      required(config.correlation(), "correlation");
    }
  }

  /** Only methods that match one volume have a grid that can be cut or spread. */
  private static void requireDecodable(MethodConfig config) {
    boolean hasVolume =
        !isRecurrent(config)
            && !REGIONS.contains(config.method())
            && !SCNET.containsKey(config.method());

    if (!hasVolume && config.image().matchesRing()) {
      throw new IllegalArgumentException(
          "Invalid image.ring: %s cannot leave padding out after matching; set it to before"
              .formatted(config.method()));
    }

    if (!hasVolume && config.decoding().isPresent()) {
      throw new IllegalArgumentException(
          "Invalid decoding: %s has a grid of its own; leave it out".formatted(config.method()));
    }
  }

  private static void requireGeometry(String method, RegionParameters regions) {
    if (!method.equals("nam") && !method.equals("scnet-a")) {
      required(regions.voting(), "regions.voting");
    }

    if (method.equals("lom")) {
      required(regions.local(), "regions.local");
    }
  }

  private static BackboneSpec backbone(MethodConfig config, MethodFiles files) {
    return new BackboneSpec(config.backbone().name(), config.backbone().taps(), files.weights());
  }

  /**
   * Checks that a method matches features that {@link #features} describes.
   *
   * @throws IllegalArgumentException that says why not
   */
  public static void requireProjectable(MethodConfig config) {
    boolean isOfGradients =
        REGIONS.contains(config.method()) && config.backbone().name().equals(HogBackbone.NAME);

    if (hasNetworks(config) || isOfGradients) {
      throw new IllegalArgumentException(
          "Method %s cannot use a projection: %s; leave --projection out, or use guided"
              .formatted(
                  config.method(),
                  isOfGradients
                      ? "with hog it describes regions by their own gradients"
                      : "its networks were trained on features as the backbone makes them"));
    }
  }

  /**
   * Checks that a method matches features in half precision.
   *
   * @throws IllegalArgumentException that says why not
   */
  public static void requireNarrowable(MethodConfig config) {
    if (isRecurrent(config)) {
      throw new IllegalArgumentException(
          "Cannot keep features in half precision: the networks of %s read them as they are; set features.precision to single"
              .formatted(config.method()));
    }
  }

  /**
   * Checks that flows have the cells that were matched, whose features are mixed where they point.
   *
   * @throws IllegalArgumentException that says why not
   */
  public static void requireCells(MethodConfig config) {
    if (config.decoding().equals(Optional.of(Decoding.PIXELS)) || config.image().matchesRing()) {
      throw new IllegalArgumentException(
          "Cannot transfer attributes by flows of pixels or without the ring of padding: set decoding to cells and image.ring to before");
    }
  }

  private static void requireFiles(MethodConfig config, MethodFiles files) {
    if (files.projection().isPresent()) {
      requireProjectable(config);
    }

    if (TRAINED.containsKey(config.method()) && files.model().isEmpty()) {
      throw new IllegalArgumentException(
          "Method %s needs a trained model: pass --model, or use %s"
              .formatted(config.method(), TRAINED.get(config.method())));
    }
  }

  private static ReadOut readOut(MethodConfig config) {
    return switch (config.method()) {
      case "nn" -> new NearestNeighbour(NearestNeighbour.Validity.ALL);
      case "mutual-nn" -> new NearestNeighbour(NearestNeighbour.Validity.MUTUAL);
      case "kernel-soft-argmax", "sfnet" ->
          new KernelSoftArgmax(required(config.kernelSoftArgmax(), "kernel-soft-argmax"));
      case "guided", "gsf" -> guided(config, Optional.empty());
      default -> throw unknown(config.method());
    };
  }

  private static GuidedMatching guided(MethodConfig config, Optional<GsfModel> model) {
    return new GuidedMatching(
        required(config.guided(), "guided"), model, config.steps().isPresent());
  }

  private static <T> T required(Optional<T> parameters, String key) {
    return parameters.orElseThrow(
        () -> new IllegalArgumentException("Missing configuration: " + key));
  }
}

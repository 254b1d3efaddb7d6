package org.denseflow.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.denseflow.weights.Tensor;

/**
 * The descriptor of a system that is trained: its name, its own parameters, what it learns from and
 * what its model files hold.
 *
 * @param <P> the system's own parameters, whose keys stand in presets beside those of {@link
 *     LearnerConfig}
 */
public abstract class TrainableSystem<P extends Record> {

  /**
   * What a learner does not change.
   *
   * @param backbone belongs to the learner; none for a system without
   * @param features a trained SFNet whose adaptation layers follow the backbone
   * @param codec a style network
   */
  public record Frozen(
      Optional<Backbone> backbone, Optional<Path> features, Optional<Path> codec) {}

  private final String name;
  private final int results;
  private final Class<P> parameters;

  /**
   * Names a system.
   *
   * @param name the value of {@code system} in presets
   * @param results the number of its results: it is raised whenever the same training leaves
   *     another model, so that no training goes on from a checkpoint of before
   * @param parameters the class of its own parameters
   */
  protected TrainableSystem(String name, int results, Class<P> parameters) {
    this.name = name;
    this.results = results;
    this.parameters = parameters;
  }

  /** The value of {@code system} in presets. */
  public final String name() {
    return name;
  }

  /** The number of the system's results. */
  public final int results() {
    return results;
  }

  /** The class of the system's own parameters. */
  public final Class<P> parameters() {
    return parameters;
  }

  /**
   * Checks what no record can check by itself.
   *
   * @throws IllegalArgumentException if the parameters do not fit the system
   */
  public void check(LearnerConfig<P> config) {}

  /** Whether it learns on a backbone's features. */
  public boolean hasBackbone() {
    return true;
  }

  /** Whether those may be the features of a trained SFNet. */
  public boolean readsAdaptedFeatures() {
    return false;
  }

  /** Whether it needs a style network. */
  public boolean needsCodec() {
    return false;
  }

  /**
   * Checks a style network.
   *
   * @return its digest
   * @throws IllegalArgumentException if images of the working size do not fit it
   * @throws org.denseflow.weights.WeightException if it does not fit the system
   */
  public String validateCodec(LearnerConfig<P> config, Path codec) {
    throw new IllegalStateException(name + " has no codec");
  }

  /** Why no training starts from a model; empty where one may. */
  public Optional<String> startRefusal() {
    return Optional.empty();
  }

  /** The systems whose models a training may start from. */
  public List<String> starts() {
    return List.of(name);
  }

  /** Whether it learns from keypoints of both images. */
  public boolean needsKeypoints() {
    return false;
  }

  /** How many pairs it must have seen before its first step. */
  public int sample(P parameters) {
    return 0;
  }

  /** What a model file holds of a training's tensors. */
  public Map<String, Tensor> model(Map<String, Tensor> trained) {
    return trained;
  }

  /** How a model file holds them. */
  public Precision precision() {
    return Precision.SINGLE;
  }

  /**
   * Makes a learner.
   *
   * @throws org.denseflow.weights.WeightException if a file does not fit
   */
  public abstract Learner create(LearnerConfig<P> config, Frozen frozen);
}

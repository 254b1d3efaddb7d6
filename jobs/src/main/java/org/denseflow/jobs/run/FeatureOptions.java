package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.denseflow.schemas.Presets;
import picocli.CommandLine.Option;

/** How images are described: the method's size and taps, its backbone and what adapts it. */
public final class FeatureOptions {

  @Option(
      names = "--method",
      defaultValue = "guided",
      description =
          "Method preset: nn, mutual-nn, kernel-soft-argmax, guided, nam, phm, lom, and with --model sfnet, sfnet-released, sfnet-compact, gsf, rtn, samnet (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--backbone",
      description =
          "Backbone, instead of the preset's; it must have the preset's taps, or give others with --set backbone.taps=[...].")
  private String backbone;

  @Option(
      names = "--weights",
      paramLabel = "URI",
      description = "Weight file of the backbone: safetensors or its index, .pth, .h5, .npz.")
  private String weights = "";

  @Option(
      names = "--model",
      paramLabel = "URI",
      description = "Trained model of TrainJob; any method can read its features.")
  private String model = "";

  /** The method's preset. */
  public Config preset() {
    return Presets.method(method);
  }

  /** The settings that are given as options: the backbone, with the preset's taps. */
  public Config options() {
    return backbone == null ? ConfigFactory.empty() : Presets.backbone(backbone);
  }

  /** The method's name. */
  public String name() {
    return method;
  }

  /** Where weights and model lie; no projection. */
  public MatcherFiles files() {
    return new MatcherFiles(weights, model, "");
  }
}

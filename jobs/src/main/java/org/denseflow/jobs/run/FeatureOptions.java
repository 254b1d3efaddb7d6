package org.denseflow.jobs.run;

import com.typesafe.config.Config;
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

  @Option(names = "--backbone", description = "Backbone, instead of the preset's.")
  private String backbone;

  @Option(names = "--weights", paramLabel = "URI", description = "Weight file of the backbone.")
  private String weights = "";

  @Option(
      names = "--model",
      paramLabel = "URI",
      description = "Trained model of TrainJob; any method can read its features.")
  private String model = "";

  /** The method's preset with the backbone that was asked for. */
  public Config preset() {
    Config preset = Presets.method(method);
    return backbone == null ? preset : Presets.backbone(backbone).withFallback(preset);
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

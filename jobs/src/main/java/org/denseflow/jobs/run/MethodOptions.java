package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import org.denseflow.schemas.Presets;
import picocli.CommandLine.Option;

/** How pairs are matched. */
public final class MethodOptions {

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

  /** URI of the weight file, empty without. */
  public String weights() {
    return weights;
  }

  /** URI of a trained model, empty without. */
  public String model() {
    return model;
  }
}

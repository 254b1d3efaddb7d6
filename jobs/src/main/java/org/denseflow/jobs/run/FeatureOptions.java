package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Iterator;
import org.denseflow.config.Presets;
import org.denseflow.method.ConfiguredMethod;
import picocli.CommandLine.Option;

/** How images are described: the method's size and taps, its backbone and what adapts it. */
public final class FeatureOptions {

  @Option(
      names = "--method",
      defaultValue = "guided",
      completionCandidates = MethodNames.class,
      description =
          "Method: ${COMPLETION-CANDIDATES}, or another preset of conf/methods (default: ${DEFAULT-VALUE}). sfnet, gsf, rtn, samnet and scnet-* need --model.")
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

  static final class MethodNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ConfiguredMethod.names().iterator();
    }
  }

  /** The method's preset. */
  public Config preset() {
    return ConfiguredMethod.preset(method);
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

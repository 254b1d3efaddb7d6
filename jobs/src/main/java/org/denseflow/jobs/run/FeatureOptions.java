package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.util.Iterator;
import org.denseflow.method.ConfiguredMethod;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of how images are described: the method's size and taps, its backbone and what adapts it.
 */
public final class FeatureOptions {

  @Option(
      names = "--method",
      defaultValue = "guided",
      completionCandidates = MethodNames.class,
      description =
          "Method: ${COMPLETION-CANDIDATES}, or another preset of conf/methods (default: ${DEFAULT-VALUE}). sfnet, gsf, rtn, samnet and scnet-* need --model.")
  private String method;

  @Mixin private BackboneOptions backbone;

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
    return backbone.options();
  }

  /** The method's name. */
  public String name() {
    return method;
  }

  /** Where weights and model lie; no projection. */
  public MatcherFiles files() {
    return new MatcherFiles(backbone.weights(), model, "");
  }
}

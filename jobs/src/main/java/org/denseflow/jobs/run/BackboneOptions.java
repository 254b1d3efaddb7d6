package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Iterator;
import org.denseflow.backbone.Backbones;
import org.denseflow.config.Presets;
import org.denseflow.jobs.UsageException;
import picocli.CommandLine.Option;

/** Options of which backbone describes images, and of its weights. */
public final class BackboneOptions {

  /** What the engine's runtimes make, for help texts. */
  static final class Choices implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Backbones.choices().iterator();
    }
  }

  @Option(
      names = "--backbone",
      completionCandidates = Choices.class,
      description =
          "Backbone, instead of the preset's: ${COMPLETION-CANDIDATES}; a FILE, path or URI, has its weights. It must have the preset's taps, or give others with --set backbone.taps=[...].")
  private String backbone;

  @Option(
      names = "--weights",
      paramLabel = "URI",
      description = "Weight file of the backbone: safetensors or its index, .pth, .h5, .npz.")
  private String weights = "";

  /** The setting that is given as an option: the backbone, with the preset's taps. */
  public Config options() {
    return backbone == null ? ConfigFactory.empty() : Presets.backbone(name());
  }

  private String name() {
    return isFile() ? backbone.substring(backbone.lastIndexOf('/') + 1) : backbone;
  }

  private boolean isFile() {
    return backbone != null && Backbones.isFile(backbone);
  }

  /** URI of the weight file, empty without. */
  public String weights() {
    if (isFile() && !weights.isEmpty()) {
      throw new UsageException(
          "Cannot use --weights with --backbone %s: the file has its weights; leave --weights out"
              .formatted(backbone));
    }

    return isFile() ? backbone : weights;
  }
}

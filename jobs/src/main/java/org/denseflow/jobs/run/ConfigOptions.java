package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.schemas.Presets;
import picocli.CommandLine.Option;

/** How every job's settings are changed: a file on top of the preset, and single settings. */
public final class ConfigOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file on top of the preset; unknown keys are refused.")
  private String config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; may be repeated.")
  private List<String> settings = new ArrayList<>();

  /** A preset and a job's own defaults with the file and then the settings on top. */
  public Config over(Config preset, String defaults, HadoopFileStore files) {
    Config file =
        config == null ? ConfigFactory.empty() : Presets.parse(files.text(config), config);
    return Presets.overrides(settings)
        .withFallback(file)
        .withFallback(preset)
        .withFallback(ConfigFactory.parseResources(getClass().getClassLoader(), defaults));
  }
}

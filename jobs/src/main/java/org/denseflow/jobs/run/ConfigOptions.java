package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.config.Presets;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;
import picocli.CommandLine.Option;

/** Options that change a job's settings: a file on top of the preset, and single settings. */
public final class ConfigOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file on top of the preset; unknown keys are refused.")
  private String config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; may be repeated.")
  private List<String> settings = new ArrayList<>();

  /**
   * A preset and a job's own defaults, with the file, the options and the single settings on top.
   *
   * @param options settings with options of their own, whose names are the values' origins
   * @param usual orientation of the images, where the settings leave it to them
   * @throws UsageException if a single setting contradicts an option
   */
  public Config over(
      Config preset, Config options, String defaults, HadoopFileStore files, Orientation usual) {
    Config set = Presets.overrides(settings);

    for (Map.Entry<String, ConfigValue> option : options.entrySet()) {
      String key = option.getKey();

      if (set.hasPath(key)
          && !set.getValue(key).unwrapped().equals(option.getValue().unwrapped())) {
        throw new UsageException(
            "Invalid --set %s: it contradicts %s, which sets %s; give one of both"
                .formatted(key, option.getValue().origin().description(), key));
      }
    }

    Config all =
        set.withFallback(options)
            .withFallback(file(files))
            .withFallback(preset)
            .withFallback(ConfigFactory.parseResources(getClass().getClassLoader(), defaults));
    return InputSettings.resolve(all, usual);
  }

  /** What the user has set, in the file or singly. */
  public Config own(HadoopFileStore files) {
    return Presets.overrides(settings).withFallback(file(files));
  }

  private Config file(HadoopFileStore files) {
    return config == null ? ConfigFactory.empty() : Presets.parse(files.text(config), config);
  }
}

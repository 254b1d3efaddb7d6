package org.denseflow;

import java.util.List;
import org.denseflow.config.Presets;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.MethodFiles;
import org.denseflow.method.ConfiguredMethod;

/** The library's entry: matchers by the names of their presets. */
public final class DenseFlow {
  private DenseFlow() {}

  /**
   * Makes the matcher of a preset without any files, on a backbone that comes with the engine.
   *
   * @param method a preset's name, such as {@code guided}
   * @param settings changes of the preset, such as {@code "image.width=256"}
   * @throws IllegalArgumentException if preset, setting or backbone is unknown, or the method needs
   *     a file
   */
  public static DenseMatcher<ImageFeatures> matcher(String method, String... settings) {
    return matcher(method, MethodFiles.NONE, settings);
  }

  /**
   * Makes the matcher of a preset.
   *
   * @param files weights, model and projection
   * @throws IllegalArgumentException if preset, setting or backbone is unknown, or a file is
   *     missing
   * @throws org.denseflow.weights.WeightException if a file does not fit
   */
  public static DenseMatcher<ImageFeatures> matcher(
      String method, MethodFiles files, String... settings) {
    return ConfiguredMethod.of(
            Presets.overrides(List.of(settings)).withFallback(ConfiguredMethod.preset(method)))
        .create(files);
  }
}

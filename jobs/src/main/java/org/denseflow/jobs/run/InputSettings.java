package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.denseflow.config.Presets;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.UsageException;

/**
 * Settings of how the pixels of images and masks are read.
 *
 * @param orientation whether EXIF orientation tags are followed
 * @param maskLabels palette indices or grey levels that are the object; empty for no choice
 * @param maskThreshold share of the range above which lies the object; empty for no choice
 */
public record InputSettings(
    Orientation orientation, List<Integer> maskLabels, Optional<Double> maskThreshold) {
  private static final String ORIENTATION = "input.orientation";
  private static final String AUTO = "auto";

  /** Refuses two choices of a mask's object. */
  public InputSettings {
    if (!maskLabels.isEmpty() && maskThreshold.isPresent()) {
      throw new IllegalArgumentException("set mask-labels or mask-threshold, not both");
    }
  }

  /** Which pixels of a mask are the object. */
  MaskRule rule() {
    return maskLabels.isEmpty()
        ? maskThreshold.<MaskRule>map(MaskRule.Above::new).orElse(MaskRule.AUTO)
        : new MaskRule.Labels(maskLabels);
  }

  /** A configuration whose orientation is fixed: {@code auto} becomes what is usual. */
  static Config resolve(Config config, Orientation usual) {
    String wanted = Presets.string(config, ORIENTATION, name(usual));
    List<String> known = Stream.of(Orientation.values()).map(InputSettings::name).toList();

    if (wanted.equals(AUTO)) {
      return config.withValue(
          ORIENTATION, ConfigValueFactory.fromAnyRef(name(usual), "the dataset"));
    }

    if (!known.contains(wanted)) {
      throw new UsageException(
          "Invalid %s: %s, expected auto or one of %s".formatted(ORIENTATION, wanted, known));
    }

    return config;
  }

  private static String name(Orientation orientation) {
    return orientation.name().toLowerCase(Locale.ROOT);
  }
}

package org.denseflow.jobs.compare;

import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.denseflow.config.Presets;
import org.denseflow.schemas.RunManifest;

/**
 * A setting in which two runs differ.
 *
 * @param name of an input, or of a key of the configuration
 * @param run its value in the first run, null without
 * @param with its value in the second run, null without
 */
record SettingDifference(String name, String run, String with) {

  /** The inputs, keys and versions in which two runs differ; none is known of a run without. */
  static List<SettingDifference> between(Optional<RunManifest> run, Optional<RunManifest> with) {
    Map<String, String> left = run.map(SettingDifference::settings).orElse(Map.of());
    Map<String, String> right = with.map(SettingDifference::settings).orElse(Map.of());
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    names.removeIf(name -> left.getOrDefault(name, "").equals(right.getOrDefault(name, "")));
    return names.stream()
        .map(name -> new SettingDifference(name, left.get(name), right.get(name)))
        .toList();
  }

  private static Map<String, String> settings(RunManifest manifest) {
    Map<String, String> settings = new TreeMap<>(manifest.inputs());

    for (Map.Entry<String, ConfigValue> entry : Presets.ofRun(manifest.config()).entrySet()) {
      settings.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }

    settings.put("versions", String.join(", ", manifest.versions()));
    return settings;
  }

  @Override
  public String toString() {
    return "  %s: %s | %s".formatted(name, run, with);
  }
}

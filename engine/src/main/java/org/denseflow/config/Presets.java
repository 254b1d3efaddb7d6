package org.denseflow.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.Missing;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Optional;

/** Loads presets, {@code conf/<kind>/<name>.conf} on the class path, and puts overrides on top. */
public final class Presets {

  private static final ConfigResolveOptions RESOLVE = ConfigResolveOptions.noSystem();

  private static final int MAX_DEPTH = 100;

  private Presets() {}

  /**
   * A preset.
   *
   * @param kind its folder in {@code conf}, such as {@code methods} or {@code training}
   * @throws ConfigException if there is none
   */
  public static Config of(String kind, String name) {
    return find(kind, name)
        .orElseThrow(
            () ->
                new ConfigException(
                    List.of(
                        "there is no preset conf/%s/%s.conf on the class path"
                            .formatted(kind, name))));
  }

  /** A preset, if there is one of the name. */
  public static Optional<Config> find(String kind, String name) {
    String resource = "conf/%s/%s.conf".formatted(kind, name);
    return Optional.ofNullable(Thread.currentThread().getContextClassLoader().getResource(resource))
        .map(url -> ConfigFactory.parseURL(url, ConfigParseOptions.defaults()).resolve(RESOLVE));
  }

  /** Another backbone at the taps of the preset, as of {@code --backbone}. */
  public static Config backbone(String name) {
    return ConfigFactory.empty()
        .withValue("backbone.name", ConfigValueFactory.fromAnyRef(name, "--backbone"));
  }

  /**
   * A configuration file's text. It may include presets by {@code classpath(...)}, no files or
   * addresses, and does not see the environment.
   *
   * @throws ConfigException if it cannot be parsed
   */
  public static Config parse(String text, String name) {
    return parse(text, name, ConfigParseOptions.defaults().setIncluder(new PresetIncluder()));
  }

  /**
   * What {@link #canonical} wrote.
   *
   * @throws ConfigException if it is not a JSON object
   */
  public static Config parseCanonical(String json, String name) {
    return parse(json, name, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
  }

  /** The configuration that a run's manifest keeps, as {@link #canonical} wrote it. */
  public static Config ofRun(String json) {
    return parseCanonical(json, "the configuration in run.json");
  }

  private static Config parse(String text, String name, ConfigParseOptions options) {
    try {
      Config config =
          ConfigFactory.parseString(text, options.setOriginDescription(name)).resolve(RESOLVE);
      requireShallow(config.root(), name, MAX_DEPTH);
      return config;
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(List.of(name + ": " + e.getMessage()));
    } catch (StackOverflowError e) {
      throw tooDeep(name);
    }
  }

  private static void requireShallow(ConfigValue value, String name, int depth) {
    if (depth == 0) {
      throw tooDeep(name);
    }

    if (value instanceof ConfigObject object) {
      object.values().forEach(inner -> requireShallow(inner, name, depth - 1));
    } else if (value instanceof ConfigList list) {
      list.forEach(inner -> requireShallow(inner, name, depth - 1));
    }
  }

  private static ConfigException tooDeep(String name) {
    return new ConfigException(List.of(name + ": it is nested too deeply"));
  }

  /** {@code key=value} settings, as of {@code --set}. */
  public static Config overrides(List<String> settings) {
    Config config = ConfigFactory.empty();

    for (String setting : settings) {
      int equals = setting.indexOf('=');

      if (equals < 1) {
        throw new ConfigException(
            List.of("--set %s is not of the form key=value".formatted(setting)));
      }

      config = parse(setting, "--set " + setting).withFallback(config);
    }

    return config;
  }

  /** The configuration in one canonical form: keys sorted, no comments, JSON. */
  public static String canonical(Config config) {
    return config.root().render(ConfigRenderOptions.concise().setJson(true));
  }

  /** The configuration for people. */
  public static String readable(Config config) {
    return config
        .root()
        .render(
            ConfigRenderOptions.defaults()
                .setOriginComments(false)
                .setComments(false)
                .setJson(false));
  }

  /** A string at a path, or a default. */
  public static String string(Config config, String path, String fallback) {
    try {
      return config.getString(path);
    } catch (Missing e) {
      return fallback;
    }
  }
}

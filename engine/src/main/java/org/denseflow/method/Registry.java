package org.denseflow.method;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.denseflow.backbone.NearestName;
import org.denseflow.config.ConfigException;

/** Descriptors by name. */
final class Registry<D> {
  private final String kind;
  private final Map<String, D> descriptors;

  /**
   * Makes a registry.
   *
   * @param kind of the descriptors, in messages and as the key that names one
   * @throws IllegalStateException if two have the same name
   */
  Registry(String kind, Stream<D> descriptors, Function<D, String> name) {
    this.kind = kind;
    this.descriptors =
        descriptors.collect(
            Collectors.toMap(name, Function.identity(), (one, other) -> one, TreeMap::new));
  }

  List<String> names() {
    return List.copyOf(descriptors.keySet());
  }

  private D get(String name) {
    D found = descriptors.get(name);

    if (found == null) {
      throw unknown(name);
    }

    return found;
  }

  /**
   * The descriptor that a configuration names, at the key that is called as the kind.
   *
   * @throws IllegalArgumentException if it names none
   */
  D get(Config config) {
    if (!config.hasPath(kind) || config.getValue(kind).valueType() != ConfigValueType.STRING) {
      throw new ConfigException(List.of("missing key %s, a name".formatted(kind)));
    }

    return get(config.getString(kind));
  }

  /** The exception for an unknown name, with the nearest known one. */
  IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "Invalid %s: %s, expected one of %s%s"
            .formatted(
                kind,
                name,
                names(),
                NearestName.to(name, names()).map("; did you mean %s?"::formatted).orElse("")));
  }
}

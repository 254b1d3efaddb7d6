package org.denseflow.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Binds HOCON to records: the component {@code chunkPairs} reads the key {@code chunk-pairs}; a
 * component that is a record reads an object; {@link Optional} may be absent; enum constants are
 * written in kebab case. There are no defaults in code: a key that is missing, unknown or of the
 * wrong type is an error, and all errors are reported at once with the place they come from.
 */
public final class ConfigBinder {
  private final Class<? extends Record> own;
  private final List<String> errors = new ArrayList<>();

  private ConfigBinder(Class<? extends Record> own) {
    this.own = own;
  }

  /**
   * Binds a configuration.
   *
   * @throws ConfigException listing every error
   */
  public static <R extends Record> R bind(Config config, Class<R> type) {
    return bind(config, type, null);
  }

  /**
   * Binds a configuration whose record is generic: the component of the type's variable is bound to
   * {@code own}, whose keys stand beside those of the other components.
   *
   * @throws ConfigException listing every error
   */
  public static <R extends Record> R bind(
      Config config, Class<R> type, Class<? extends Record> own) {
    ConfigBinder binder = new ConfigBinder(own);
    Object bound = binder.record(config.root(), type, "");

    if (!binder.errors.isEmpty()) {
      throw new ConfigException(binder.errors);
    }

    return type.cast(bound);
  }

  /** The key of a record component or enum constant. */
  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private Object record(ConfigObject object, Class<?> type, String path) {
    Set<String> known = new HashSet<>();
    int before = errors.size();
    Object[] arguments = arguments(object, type, path, known);

    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        errors.add(
            "unknown key %s (%s); known here: %s"
                .formatted(path + key, origin(object.get(key)), known.stream().sorted().toList()));
      }
    }

    return errors.size() > before ? null : construct(type, arguments, path, object);
  }

  private Object[] arguments(ConfigObject object, Class<?> type, String path, Set<String> known) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];

    for (int i = 0; i < components.length; i++) {
      if (components[i].getGenericType() instanceof TypeVariable<?>) {
        int before = errors.size();
        Object[] inner = arguments(object, own, path, known);
        arguments[i] = errors.size() > before ? null : construct(own, inner, path, object);
      } else {
        String key = kebab(components[i].getName());
        known.add(key);
        arguments[i] = component(object, key, components[i].getGenericType(), path);
      }
    }

    return arguments;
  }

  private Object construct(Class<?> type, Object[] arguments, String path, ConfigObject at) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);

    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      String where = path.isEmpty() ? "configuration" : path.substring(0, path.length() - 1);
      errors.add("%s: %s (%s)".formatted(where, e.getCause().getMessage(), origin(at)));
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot construct " + type, e);
    }
  }

  private Object component(ConfigObject object, String key, Type type, String path) {
    ConfigValue value = object.get(key);
    boolean absent = value == null || value.valueType() == ConfigValueType.NULL;

    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return absent
          ? Optional.empty()
          : Optional.ofNullable(value(value, generic.getActualTypeArguments()[0], path + key));
    }

    if (absent) {
      errors.add("missing key " + path + key);
      return null;
    }

    return value(value, type, path + key);
  }

  private Object value(ConfigValue value, Type type, String path) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return list(value, generic.getActualTypeArguments()[0], path);
    }

    Class<?> raw = (Class<?>) type;

    if (raw.isRecord()) {
      if (value instanceof ConfigObject object) {
        return record(object, raw, path + ".");
      }

      return wrong(value, path, "an object");
    }

    return scalar(value, raw, path);
  }

  private Object list(ConfigValue value, Type element, String path) {
    if (!(value instanceof ConfigList list)) {
      return wrong(value, path, "a list");
    }

    List<Object> items = new ArrayList<>();

    for (int i = 0; i < list.size(); i++) {
      Object item = value(list.get(i), element, path + "[" + i + "]");

      if (item != null) {
        items.add(item);
      }
    }

    return items;
  }

  private Object scalar(ConfigValue value, Class<?> type, String path) {
    String text = String.valueOf(value.unwrapped());

    try {
      if (type == String.class) {
        return text;
      } else if (type == int.class || type == Integer.class) {
        return Integer.parseInt(text);
      } else if (type == long.class || type == Long.class) {
        return Long.parseLong(text);
      } else if (type == double.class || type == Double.class) {
        return Double.parseDouble(text);
      } else if (type.isEnum()) {
        return constant(value, type, path, text);
      }
    } catch (NumberFormatException e) {
      return wrong(
          value,
          path,
          type == double.class || type == Double.class ? "a number" : "a whole number");
    }

    throw new IllegalStateException("Cannot bind " + type);
  }

  private Object constant(ConfigValue value, Class<?> type, String path, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (kebab(((Enum<?>) constant).name()).equals(text)) {
        return constant;
      }
    }

    return wrong(
        value,
        path,
        "one of "
            + Arrays.stream(type.getEnumConstants())
                .map(c -> kebab(((Enum<?>) c).name()))
                .toList());
  }

  private Object wrong(ConfigValue value, String path, String expected) {
    errors.add(
        "%s is %s, expected %s (%s)".formatted(path, value.unwrapped(), expected, origin(value)));
    return null;
  }

  private static String origin(ConfigValue value) {
    return value.origin().description();
  }
}

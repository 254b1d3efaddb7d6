package org.denseflow.config;

import java.util.List;

/** A configuration cannot be used; the message lists every error at once. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final List<String> errors;

  /** Makes an exception from one or more errors. */
  public ConfigException(List<String> errors) {
    super("Invalid configuration:\n  " + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  /** The single errors. */
  public List<String> errors() {
    return errors;
  }
}

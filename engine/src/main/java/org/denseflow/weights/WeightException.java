package org.denseflow.weights;

/**
 * A weight file cannot be used; {@link #code} is stable, the message names file, tensor and mend.
 */
public final class WeightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /** Makes an exception with a stable code such as {@code weights.truncated}. */
  public WeightException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The same with a cause. */
  public WeightException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  static WeightException malformed(String what) {
    return new WeightException("weights.malformed", "Cannot read weights: " + what);
  }

  static WeightException truncated(String what) {
    return new WeightException("weights.truncated", "Cannot read weights: " + what);
  }
}

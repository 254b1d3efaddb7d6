package org.denseflow.weights;

/**
 * A weight file cannot be used; {@link #code} is stable, the message names file, tensor and mend.
 */
public final class WeightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String CANNOT_READ = "Cannot read weights: ";

  /** Numbers or structures that are well-formed but not read. */
  static final String UNSUPPORTED = "weights.unsupported";

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

  /** A file whose content contradicts itself or its format. */
  public static WeightException malformed(String what) {
    return new WeightException("weights.malformed", CANNOT_READ + what);
  }

  /** A file that is well-formed, but not read. */
  public static WeightException unsupported(String what) {
    return new WeightException(UNSUPPORTED, CANNOT_READ + what);
  }

  /** A file whose end is missing. */
  public static WeightException truncated(String what) {
    return new WeightException("weights.truncated", CANNOT_READ + what);
  }
}

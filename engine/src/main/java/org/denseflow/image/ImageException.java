package org.denseflow.image;

/** Bytes could not be decoded as an image; {@link #code} says which kind of failure it is. */
public final class ImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ImageError error;

  ImageException(ImageError error, String message) {
    super(message);
    this.error = error;
  }

  ImageException(ImageError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  /** The stable code of the kind of failure, {@link ImageError#code}. */
  public String code() {
    return error.code();
  }
}

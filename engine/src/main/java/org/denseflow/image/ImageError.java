package org.denseflow.image;

/**
 * The reasons for which bytes are refused as an image; {@link #code} is stable and is stored in
 * result rows.
 */
public enum ImageError {
  /** No bytes at all. */
  EMPTY("image.empty"),
  /** More bytes than the limit. */
  TOO_MANY_BYTES("image.too-many-bytes"),
  /** The header announces more pixels, or a longer side, than the limits. */
  TOO_MANY_PIXELS("image.too-many-pixels"),
  /** No reader knows the format. */
  UNKNOWN_FORMAT("image.unknown-format"),
  /** The data end before the picture does. */
  TRUNCATED("image.truncated"),
  /** The data contradict themselves. */
  CORRUPT("image.corrupt"),
  /** A mask has no pixel on the object. */
  MASK_EMPTY("mask.empty"),
  /** All of a mask's pixels lie on the object. */
  MASK_FULL("mask.full"),
  /** What a mask holds can mean several things. */
  MASK_AMBIGUOUS("mask.ambiguous");

  private final String code;

  ImageError(String code) {
    this.code = code;
  }

  /** The stable code, for example {@code image.truncated}. */
  public String code() {
    return code;
  }
}

package org.denseflow.matcher;

/** Whether a target is mirrored, left and right exchanged, before it is matched. */
public enum Mirror {
  /** It is matched as it is. */
  NEVER,
  /** It is matched both ways; the mirror image is taken where its matches agree clearly better. */
  AUTO,
  /** It is matched mirrored alone. */
  ALWAYS
}

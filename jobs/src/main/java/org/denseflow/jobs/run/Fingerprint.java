package org.denseflow.jobs.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/** A digest of all that determines a run's results: half a SHA-256, over lines. */
public final class Fingerprint {
  private final MessageDigest digest = DigestUtils.getSha256Digest();

  /** Adds a line of values with tabs between them. */
  public Fingerprint add(Object... values) {
    StringBuilder line = new StringBuilder();

    for (Object value : values) {
      line.append(line.isEmpty() ? "" : "\t").append(value);
    }

    return add(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes. */
  public Fingerprint add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** 32 hexadecimal digits; the fingerprint is used up. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }
}

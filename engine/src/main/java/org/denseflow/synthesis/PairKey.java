package org.denseflow.synthesis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key of a pair's random numbers, which depends on the run's seed, the image's id and the
 * pair's index alone. Both numbers are taken from the SHA-256 of {@code "seed\nimageId\nindex"}.
 *
 * @param shuffle order of the pair in the run, not negative
 * @param seed seed of the pair's own random numbers
 */
public record PairKey(long shuffle, long seed) {

  /** The key of a pair. */
  public static PairKey of(long runSeed, String imageId, int index) {
    try {
      String text = runSeed + "\n" + imageId + "\n" + index;
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      ByteBuffer buffer = ByteBuffer.wrap(digest);
      return new PairKey(buffer.getLong() >>> 1, buffer.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number of the range, of {@code ranges} equal ones, that the shuffle number lies in. */
  public int range(int ranges) {
    return (int) Math.multiplyHigh(shuffle, 2L * ranges);
  }
}

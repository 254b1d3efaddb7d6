package org.denseflow;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Reads files that were damaged at random: a result or the reader's own exception, within 5 seconds
 * and a number of bytes. Inputs that break this are kept and named. {@code -Dfuzz.inputs=100000}
 * sets how many inputs each reader gets, {@code -Dfuzz.seed=2} makes others. Each reader adds a
 * line to {@code target/fuzz.csv}.
 */
public final class Fuzzing {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 1_500);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final long SLOW_NANOSECONDS = 5_000_000_000L;
  private static final Path TABLE = Path.of("target", "fuzz.csv");

  private static final List<byte[]> NASTY =
      List.of(
          utf8("../../outside"),
          utf8("/outside"),
          utf8("s3a://outside/key"),
          utf8("file:///outside"),
          utf8("a/../../../outside"),
          new byte[] {0},
          new byte[] {(byte) 0xc3, 0x28, (byte) 0xff},
          utf8("\uFEFF"),
          utf8("\r"),
          utf8("\n"),
          utf8("\""),
          utf8(","),
          utf8("null"),
          utf8("-1"),
          utf8("NaN"),
          utf8("1e999"),
          utf8("-2147483649"),
          utf8("1e-400"),
          utf8("9".repeat(400)),
          utf8("x".repeat(20_000)),
          utf8("[".repeat(5_000)),
          utf8("{\"a\":".repeat(5_000)),
          utf8("a { ".repeat(5_000)),
          utf8("a.".repeat(5_000)),
          utf8("${a}"),
          utf8("include \"/outside\"\n"),
          utf8("include file(\"/outside\")\n"));

  private final String parser;
  private final long mostAllocated;
  private final Class<? extends Exception> own;

  /**
   * A parser under test.
   *
   * @param parser its name in the table
   * @param mostAllocated bytes that it may allocate for one input
   * @param own what it may throw, with a message
   */
  public Fuzzing(String parser, long mostAllocated, Class<? extends Exception> own) {
    this.parser = parser;
    this.mostAllocated = mostAllocated;
    this.own = own;
  }

  /** Reads bytes. */
  @FunctionalInterface
  public interface Reader {
    /** Throws what it says it throws. */
    void read(byte[] bytes) throws Exception;
  }

  /** One way to damage. */
  @FunctionalInterface
  private interface Damage {
    byte[] apply(byte[] bytes, Random random);
  }

  /** Damages bytes and numbers. */
  public void bytes(List<byte[]> seeds, Reader reader) {
    run(seeds, Fuzzing::damagedBytes, reader);
  }

  /** Damages words, lines and characters too. */
  public void text(List<byte[]> seeds, Reader reader) {
    run(seeds, Fuzzing::damagedText, reader);
  }

  private void run(List<byte[]> seeds, Damage damage, Reader reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long refused = 0;
    long slowest = 0;
    long largest = 0;

    // Success and failure load classes, which do not count.
    for (byte[] seed : seeds) {
      isRefused(reader, seed);
      isRefused(reader, Arrays.copyOf(seed, seed.length / 2));
    }

    for (int i = 0; i < INPUTS; i++) {
      byte[] bytes = damage.apply(seeds.get(i % seeds.size()), random(i));
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      long start = System.nanoTime();

      try {
        refused += isRefused(reader, bytes) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("%s, input %d: %s".formatted(parser, i, kept(bytes)), e);
      }

      long took = System.nanoTime() - start;
      long made = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;

      if (took > SLOW_NANOSECONDS || made > mostAllocated) {
        throw new AssertionError(
            "%s, input %d takes %d ms and %d bytes, at most %d: %s"
                .formatted(parser, i, took / 1_000_000, made, mostAllocated, kept(bytes)));
      }

      slowest = Math.max(slowest, took);
      largest = Math.max(largest, made);
    }

    report(refused, slowest / 1_000_000, largest);
  }

  /** Numbered ones that differ from their first number on. */
  private static Random random(int input) {
    return new Random((SEED << 32 | input) * 0x9E3779B97F4A7C15L);
  }

  private boolean isRefused(Reader reader, byte[] bytes) {
    try {
      reader.read(bytes);
      return false;
    } catch (Exception e) {
      if (!own.isInstance(e) || e.getMessage().isBlank()) {
        throw new AssertionError("not the reader's own exception", e);
      }

      return true;
    }
  }

  private void report(long refused, long milliseconds, long bytes) {
    String line =
        "%s,%d,%d,%d,%d,%d%n"
            .formatted(parser, INPUTS, refused, milliseconds, bytes, mostAllocated);

    try {
      if (!Files.exists(TABLE)) {
        Files.writeString(TABLE, "parser,inputs,refused,slowest ms,most bytes,allowed bytes\n");
      }

      Files.writeString(TABLE, line, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where an input that was found lies. */
  private static Path kept(byte[] bytes) {
    try {
      return Files.write(Files.createTempFile("denseflow-found-", ".bin"), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** One to four of: other bytes, an extreme number, digits, a cut, a repeat. */
  private static byte[] damagedBytes(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    int times = 1 + random.nextInt(4);

    for (int t = 0; t < times && bytes.length > 0; t++) {
      int at =
          random.nextInt(3) > 0
              ? random.nextInt(bytes.length)
              : random.nextInt(Math.min(64, bytes.length));

      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> extreme(bytes, at, random);
        case 3 -> digits(bytes, at, random);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        default -> bytes = repeated(bytes, at, random);
      }
    }

    return bytes;
  }

  private static void extreme(byte[] bytes, int at, Random random) {
    long[] numbers = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 65535};
    long number = numbers[random.nextInt(numbers.length)];
    int size = 1 << random.nextInt(4);
    boolean big = random.nextBoolean();

    for (int k = 0; k < size && at + k < bytes.length; k++) {
      bytes[at + k] = (byte) (number >>> 8 * (big ? size - 1 - k : k));
    }
  }

  /** Another digit in place of the next one. */
  private static void digits(byte[] bytes, int at, Random random) {
    int k = at;

    while (k < bytes.length && (bytes[k] < '0' || bytes[k] > '9')) {
      k++;
    }

    if (k < bytes.length) {
      bytes[k] = (byte) "0123456789-.eE\"[]{},".charAt(random.nextInt(20));
    }
  }

  private static byte[] repeated(byte[] bytes, int at, Random random) {
    int length = 1 + random.nextInt(Math.min(200, bytes.length - at));
    byte[] longer = new byte[bytes.length + length];
    System.arraycopy(bytes, 0, longer, 0, at + length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }

  /** One to three words or places replaced by what readers of text trip over, then bytes. */
  private static byte[] damagedText(byte[] seed, Random random) {
    byte[] bytes = seed;

    for (int t = random.nextInt(4); t > 0; t--) {
      int at = random.nextInt(bytes.length + 1);
      int end = at;

      while (random.nextInt(4) > 0 && end < bytes.length && isWord(bytes[end])) {
        end++;
      }

      bytes = spliced(bytes, at, end, NASTY.get(random.nextInt(NASTY.size())));
    }

    return random.nextBoolean() || bytes.length == 0 ? bytes : damagedBytes(bytes, random);
  }

  private static boolean isWord(byte b) {
    return b > ' ' && ",;:\"[]{}".indexOf(b) < 0;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
    byte[] all = new byte[from + middle.length + bytes.length - to];
    System.arraycopy(bytes, 0, all, 0, from);
    System.arraycopy(middle, 0, all, from, middle.length);
    System.arraycopy(bytes, to, all, from + middle.length, bytes.length - to);
    return all;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

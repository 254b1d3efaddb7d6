package org.denseflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.denseflow.flow.FloFile;
import org.denseflow.flow.FlowFormatException;
import org.denseflow.flow.KittiFlow;
import org.denseflow.flow.NpyFlow;
import org.denseflow.flow.PixelFlow;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that reads bytes, on files that were damaged at random: a result or the reader's own
 * exception, in time and within its memory. {@code -Dfuzz.inputs=100000} sets how many for each.
 */
class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 1_500);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final long SLOW_NANOSECONDS = 5_000_000_000L;
  private static final ImageLimits SMALL = new ImageLimits(1 << 20, 1 << 16, 1 << 10);

  /**
   * Pictures of 2^16 pixels, several times over, and what a reader and its library need besides.
   */
  private static final long IMAGE_BYTES = 24L << 20;

  @TempDir private Path folder;

  /** Reads bytes; throws what it says it throws. */
  @FunctionalInterface
  private interface Reader {
    void read(byte[] bytes) throws IOException, FlowFormatException, ImageException;
  }

  @Test
  void weights() throws IOException {
    List<byte[]> seeds = new ArrayList<>(List.of(safetensors()));

    for (String name :
        List.of("state.pth", "legacy.pth", "hostile.pth", "hostile4.pth", "arrays.npz")) {
      try (InputStream in = FuzzTest.class.getResourceAsStream("/weights/" + name)) {
        seeds.add(in.readAllBytes());
      }
    }

    seeds.add(NpyFlow.write(flow()));

    for (byte[] seed : seeds) {
      Path file = folder.resolve("damaged");
      fuzz(
          List.of(seed),
          64 * (seed.length + (64 << 10)),
          bytes -> {
            Files.write(file, bytes);

            try {
              WeightFile.read(file);
            } catch (WeightException e) {
              assertThat(e.code()).startsWith("weights.");
            }
          });
    }
  }

  @Test
  void flows() throws Exception {
    fuzz(List.of(FloFile.write(flow())), 1 << 20, bytes -> FloFile.read(bytes));
    fuzz(List.of(NpyFlow.write(flow())), 1 << 20, bytes -> NpyFlow.read(bytes));
    fuzz(List.of(KittiFlow.write(flow())), 8 << 20, bytes -> KittiFlow.read(bytes));
  }

  @Test
  void images() throws IOException {
    for (String format : List.of("png", "jpeg", "gif", "bmp", "tiff")) {
      fuzz(List.of(image(format)), IMAGE_BYTES, bytes -> ImageDecoder.decode(bytes, SMALL));
    }
  }

  /** Damages seeds, and reads what comes of it. */
  private void fuzz(List<byte[]> seeds, long mostAllocated, Reader reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    // Success and failure load classes, which do not count.
    for (byte[] seed : seeds) {
      attempt(reader, seed);
      attempt(reader, Arrays.copyOf(seed, seed.length / 2));
    }

    for (int i = 0; i < INPUTS; i++) {
      byte[] bytes = damaged(seeds.get(i % seeds.size()), new Random(SEED << 32 | i));
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      long start = System.nanoTime();

      try {
        attempt(reader, bytes);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("Input %d: %s".formatted(i, kept(bytes)), e);
      }

      long took = System.nanoTime() - start;
      long made = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;

      if (took > SLOW_NANOSECONDS || made > mostAllocated) {
        throw new AssertionError(
            "Input %d takes %d ms and %d bytes, at most %d: %s"
                .formatted(i, took / 1_000_000, made, mostAllocated, kept(bytes)));
      }
    }
  }

  private static void attempt(Reader reader, byte[] bytes) {
    try {
      reader.read(bytes);
    } catch (FlowFormatException | ImageException e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (IOException e) {
      throw new AssertionError("not the reader's own exception", e);
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
  private static byte[] damaged(byte[] seed, Random random) {
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

  private byte[] safetensors() throws IOException {
    Path file = folder.resolve("seed.safetensors");
    SafetensorsFile.write(
        file,
        Map.of(
            "conv.weight", new Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}),
            "conv.bias", new Tensor(new int[] {2}, new float[] {7, 8})),
        Map.of("format", "pt"));
    return Files.readAllBytes(file);
  }

  private static PixelFlow flow() {
    float[] uv = new float[2 * 6 * 4];

    for (int i = 0; i < uv.length; i++) {
      uv[i] = i / 4f - 3;
    }

    return new PixelFlow(6, 4, uv);
  }

  private static byte[] image(String format) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);

    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, i * 9871);
    }

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }
}

package org.denseflow.image;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG, PNG, GIF, BMP, TIFF and WebP to 8-bit RGB. Limits are checked on the header, before
 * any pixel is decoded. Grey, palette, 16-bit and CMYK images become sRGB; transparency is
 * composited over white; of an animation the first frame is taken. Truncated data are an error,
 * where ImageIO itself only warns.
 */
public final class ImageDecoder {

  private ImageDecoder() {}

  /**
   * Decodes one image.
   *
   * @throws ImageException if the bytes are empty, too large, of no known format, truncated or
   *     corrupt
   */
  public static DecodedImage decode(byte[] bytes, ImageLimits limits) throws ImageException {
    if (bytes.length == 0) {
      throw new ImageException(ImageError.EMPTY, "Cannot decode image: the file is empty");
    }

    if (bytes.length > limits.maxBytes()) {
      throw new ImageException(
          ImageError.TOO_MANY_BYTES,
          "Cannot decode image: %d bytes, the limit is %d"
              .formatted(bytes.length, limits.maxBytes()));
    }

    try (ImageInputStream stream = new EndingStream(bytes)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);

      if (!readers.hasNext()) {
        throw new ImageException(
            ImageError.UNKNOWN_FORMAT,
            "Cannot decode image: not a JPEG, PNG, GIF, BMP, TIFF or WebP file");
      }

      ImageReader reader = readers.next();

      try {
        return decode(reader, stream, bytes, limits);
      } finally {
        reader.dispose();
      }
    } catch (EOFException e) {
      throw new ImageException(
          ImageError.TRUNCATED, "Cannot decode image: the data end before the picture does", e);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw corruptOrTruncated(e, bytes);
    }
  }

  private static DecodedImage decode(
      ImageReader reader, ImageInputStream stream, byte[] bytes, ImageLimits limits)
      throws IOException, ImageException {
    String format = reader.getFormatName().toLowerCase(Locale.ROOT);
    reader.setInput(stream, true, false);
    checkSize(reader.getWidth(0), reader.getHeight(0), limits);

    if (format.startsWith("tif")) {
      Tiff.check(reader, bytes.length, limits);
    }

    AtomicReference<String> warning = new AtomicReference<>();
    IIOReadWarningListener listener = (source, text) -> warning.compareAndSet(null, text);
    reader.addIIOReadWarningListener(listener);
    BufferedImage decoded = reader.read(0);

    if (format.equals("jpeg") && !Jpeg.endsWithEndOfImage(bytes)) {
      throw new ImageException(
          ImageError.TRUNCATED, "Cannot decode image: the JPEG data end before the picture does");
    }

    if (warning.get() != null && meansLostData(warning.get())) {
      throw new ImageException(
          ImageError.TRUNCATED,
          "Cannot decode image: the reader reports \"" + warning.get() + "\"");
    }

    int orientation = format.equals("jpeg") ? Jpeg.orientation(bytes) : 1;
    return new DecodedImage(toRgb(decoded), format, orientation);
  }

  private static void checkSize(int width, int height, ImageLimits limits) throws ImageException {
    if (width > limits.maxSide()
        || height > limits.maxSide()
        || (long) width * height > limits.maxPixels()) {
      throw new ImageException(
          ImageError.TOO_MANY_PIXELS,
          "Cannot decode image: %dx%d pixels, the limit is %d pixels and %d on a side"
              .formatted(width, height, limits.maxPixels(), limits.maxSide()));
    }
  }

  private static boolean meansLostData(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return text.contains("truncated") || text.contains("corrupt") || text.contains("premature");
  }

  private static ImageException corruptOrTruncated(Throwable e, byte[] bytes) {
    boolean truncated = lacksItsEnd(bytes);

    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      truncated |=
          cause instanceof EOFException || text.contains("unexpected end") || text.contains("eof");
    }

    return truncated
        ? new ImageException(
            ImageError.TRUNCATED, "Cannot decode image: the data end before the picture does", e)
        : new ImageException(ImageError.CORRUPT, "Cannot decode image: " + e.getMessage(), e);
  }

  /** Whether a JPEG has no end-of-image marker, or a PNG no IEND chunk. */
  private static boolean lacksItsEnd(byte[] bytes) {
    boolean jpeg = bytes.length > 1 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8;
    boolean png = bytes.length > 3 && (bytes[0] & 0xff) == 0x89 && bytes[1] == 'P';
    String tail =
        new String(
            bytes,
            Math.max(0, bytes.length - 64),
            Math.min(64, bytes.length),
            StandardCharsets.ISO_8859_1);
    return jpeg && !Jpeg.endsWithEndOfImage(bytes) || png && !tail.contains("IEND");
  }

  private static RgbImage toRgb(BufferedImage decoded) {
    int width = decoded.getWidth();
    int height = decoded.getHeight();

    if (decoded.getType() == BufferedImage.TYPE_3BYTE_BGR
        && decoded.getRaster().getDataBuffer() instanceof DataBufferByte data
        && data.getData().length == 3L * width * height) {
      return fromBgr(data.getData(), width, height);
    }

    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = rgb.createGraphics();

    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      graphics.setComposite(AlphaComposite.SrcOver);
      graphics.drawImage(decoded, 0, 0, null);
    } finally {
      graphics.dispose();
    }

    return fromInts(((DataBufferInt) rgb.getRaster().getDataBuffer()).getData(), width, height);
  }

  private static RgbImage fromBgr(byte[] bgr, int width, int height) {
    byte[] pixels = new byte[bgr.length];

    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = bgr[i + 2];
      pixels[i + 1] = bgr[i + 1];
      pixels[i + 2] = bgr[i];
    }

    return new RgbImage(width, height, pixels);
  }

  private static RgbImage fromInts(int[] packed, int width, int height) {
    byte[] pixels = new byte[3 * packed.length];

    for (int i = 0; i < packed.length; i++) {
      pixels[3 * i] = (byte) (packed[i] >> 16);
      pixels[3 * i + 1] = (byte) (packed[i] >> 8);
      pixels[3 * i + 2] = (byte) packed[i];
    }

    return new RgbImage(width, height, pixels);
  }
}

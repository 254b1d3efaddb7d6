package org.denseflow.image;

import java.awt.image.BufferedImage;
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
 * An image as its file holds it, palette and transparency included. Limits are checked on the
 * header, before any pixel is decoded. Truncated data are an error, where ImageIO itself only
 * warns.
 *
 * @param pixels in the file's own colour model, never rotated
 * @param format the format's name in lower case, for example {@code jpeg}
 * @param orientation the EXIF orientation tag, 1..8; 1 where there is none
 */
record StoredImage(BufferedImage pixels, String format, int orientation) {

  /**
   * Reads one image; of an animation the first frame.
   *
   * @throws ImageException if the bytes are empty, too large, of no known format, truncated or
   *     corrupt
   */
  static StoredImage read(byte[] bytes, ImageLimits limits) throws ImageException {
    if (bytes.length == 0) {
      throw new ImageException(ImageError.EMPTY, "Cannot decode image: the file is empty");
    }

    if (bytes.length > limits.maxBytes()) {
      throw new ImageException(
          ImageError.TOO_MANY_BYTES,
          "Cannot decode image: %d bytes, the limit is %d"
              .formatted(bytes.length, limits.maxBytes()));
    }

    try (ImageInputStream stream =
        new TruncationCheckingStream(Png.withSpreadTransparency(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);

      if (!readers.hasNext()) {
        throw unknownFormat(bytes);
      }

      ImageReader reader = readers.next();

      try {
        return read(reader, stream, bytes, limits);
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

  private static StoredImage read(
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

    if (format.equals("jpeg") && !Jpeg.isComplete(bytes)) {
      throw new ImageException(
          ImageError.TRUNCATED, "Cannot decode image: the JPEG data end before the picture does");
    }

    if (warning.get() != null && meansLostData(warning.get())) {
      throw new ImageException(
          ImageError.TRUNCATED,
          "Cannot decode image: the reader reports \"" + warning.get() + "\"");
    }

    BufferedImage pixels = format.startsWith("tif") ? Tiff.withPalette(decoded, reader) : decoded;
    return new StoredImage(pixels, format, Exif.orientation(bytes));
  }

  /** HEIC and AVIF begin with an ISO base media box: its length, "ftyp", and a brand. */
  private static ImageException unknownFormat(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(32, bytes.length), StandardCharsets.ISO_8859_1);
    boolean heic = head.matches("(?s)....ftyp.*(hei[cxms]|hev[cx]|mif1|msf1|avi[fs]).*");
    return new ImageException(
        ImageError.UNKNOWN_FORMAT,
        heic
            ? "Cannot decode image: HEIC and AVIF cannot be read; convert it to JPEG or PNG"
            : "Cannot decode image: not a JPEG, PNG, GIF, BMP, TIFF or WebP file");
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
    boolean truncated =
        Jpeg.isJpeg(bytes) && !Jpeg.isComplete(bytes) || Png.isPng(bytes) && !Png.isComplete(bytes);

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
}

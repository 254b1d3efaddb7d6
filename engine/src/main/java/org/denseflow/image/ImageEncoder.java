package org.denseflow.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes images as PNG or JPEG. */
public final class ImageEncoder {

  private ImageEncoder() {}

  /** The image as PNG. */
  public static byte[] png(RgbImage image) {
    return write(toBuffered(image), "png", Float.NaN);
  }

  /** The mask as an 8-bit grey PNG: 255 inside, 0 outside. */
  public static byte[] png(Mask mask) {
    BufferedImage grey =
        new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] data = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();

    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (mask.inside()[i] ? 255 : 0);
    }

    return write(grey, "png", Float.NaN);
  }

  /** The image as baseline JPEG; quality in 0..1. */
  public static byte[] jpeg(RgbImage image, float quality) {
    return write(toBuffered(image), "jpeg", quality);
  }

  /** The image as Java2D knows it. */
  public static BufferedImage toBuffered(RgbImage image) {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] data = ((DataBufferByte) buffered.getRaster().getDataBuffer()).getData();
    byte[] pixels = image.pixels();

    for (int i = 0; i < pixels.length; i += 3) {
      data[i] = pixels[i + 2];
      data[i + 1] = pixels[i + 1];
      data[i + 2] = pixels[i];
    }

    return buffered;
  }

  /** Copies a Java2D image without transparency. */
  public static RgbImage fromBuffered(BufferedImage buffered) {
    int width = buffered.getWidth();
    int height = buffered.getHeight();
    int[] packed = buffered.getRGB(0, 0, width, height, null, 0, width);
    byte[] pixels = new byte[3 * packed.length];

    for (int i = 0; i < packed.length; i++) {
      pixels[3 * i] = (byte) (packed[i] >> 16);
      pixels[3 * i + 1] = (byte) (packed[i] >> 8);
      pixels[3 * i + 2] = (byte) packed[i];
    }

    return new RgbImage(width, height, pixels);
  }

  private static byte[] write(BufferedImage image, String format, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();

      if (!Float.isNaN(quality)) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality);
      }

      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
      stream.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode image as " + format, e);
    } finally {
      writer.dispose();
    }

    return bytes.toByteArray();
  }
}

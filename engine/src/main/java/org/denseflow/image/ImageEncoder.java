package org.denseflow.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
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

  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private ImageEncoder() {}

  /** The image as PNG. */
  public static byte[] png(RgbImage image) {
    return write(toBuffered(image), "png", Float.NaN);
  }

  /** The mask as a PNG with one bit per pixel: white inside, black outside. */
  public static byte[] png(Mask mask) {
    BufferedImage binary =
        new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_BYTE_BINARY);
    byte[] data = ((DataBufferByte) binary.getRaster().getDataBuffer()).getData();
    int stride = (mask.width() + 7) / 8;

    for (int i = 0; i < mask.inside().length; i++) {
      if (mask.inside()[i]) {
        int x = i % mask.width();
        data[i / mask.width() * stride + (x >> 3)] |= (byte) (0x80 >> (x & 7));
      }
    }

    return write(binary, "png", Float.NaN);
  }

  /** The soft mask as a grey PNG: 255 where all of a pixel is inside. */
  public static byte[] png(Coverage coverage) {
    BufferedImage grey =
        new BufferedImage(coverage.width(), coverage.height(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] data = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();

    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) Math.round(255 * coverage.share()[i]);
    }

    return write(grey, "png", Float.NaN);
  }

  /** The image as baseline JPEG with 4:2:0 chroma; quality in 0..1. */
  public static byte[] jpeg(RgbImage image, float quality) {
    return write(view(image), "jpeg", quality);
  }

  /** The image's own bytes as Java2D's R, G, B raster: the JPEG writer is fastest with it. */
  private static BufferedImage view(RgbImage image) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(image.pixels(), image.pixels().length),
            image.width(),
            image.height(),
            3 * image.width(),
            3,
            new int[] {0, 1, 2},
            null);
    return new BufferedImage(RGB, raster, false, null);
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

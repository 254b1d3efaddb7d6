package org.denseflow.flow;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * KITTI's 16-bit RGB PNG: R = 64u + 2^15, G = 64v + 2^15, B = 1 where known. Steps of 1/64 pixel,
 * rounded to nearest; a flow beyond ±512 pixels cannot be held and is written as unknown.
 */
public final class KittiFlow {
  private static final int MAX_PIXELS = 100_000_000;

  /** The largest ratio of unpacked to packed bytes that deflate reaches. */
  private static final long MAX_RATIO = 1032;

  private KittiFlow() {}

  /**
   * Parses a KITTI flow PNG.
   *
   * @throws FlowFormatException if the bytes are not a 16-bit RGB PNG
   */
  public static PixelFlow read(byte[] bytes) throws FlowFormatException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();

    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(stream, true, true);

      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);

      if (pixels > MAX_PIXELS || 6 * pixels > MAX_RATIO * bytes.length) {
        throw new FlowFormatException(
            "Cannot read KITTI flow: %dx%d pixels are too many for %d bytes"
                .formatted(reader.getWidth(0), reader.getHeight(0), bytes.length));
      }

      Raster raster = reader.read(0).getRaster();

      if (raster.getNumBands() != 3 || raster.getTransferType() != DataBuffer.TYPE_USHORT) {
        throw new FlowFormatException(
            "Cannot read KITTI flow: %d bands of %d bits, expected 3 of 16"
                .formatted(
                    raster.getNumBands(), DataBuffer.getDataTypeSize(raster.getTransferType())));
      }

      return fromRaster(raster);
    } catch (IOException | RuntimeException e) {
      throw new FlowFormatException("Cannot read KITTI flow: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** Renders a KITTI flow PNG. */
  public static byte[] write(PixelFlow flow) {
    ComponentColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            BufferedImage.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = colors.createCompatibleWritableRaster(flow.width(), flow.height());

    for (int i = 0; i < flow.width() * flow.height(); i++) {
      long u = Math.round(flow.uv()[2 * i] * 64.0 + 32768);
      long v = Math.round(flow.uv()[2 * i + 1] * 64.0 + 32768);
      boolean fits = flow.known(i) && u >= 0 && u <= 65535 && v >= 0 && v <= 65535;
      int[] pixel = fits ? new int[] {(int) u, (int) v, 1} : new int[3];
      raster.setPixel(i % flow.width(), i / flow.width(), pixel);
    }

    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(colors, raster, false, null), "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write KITTI flow", e);
    }
  }

  private static PixelFlow fromRaster(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    float[] uv = new float[2 * width * height];
    int[] pixel = new int[3];

    for (int i = 0; i < width * height; i++) {
      raster.getPixel(i % width, i / width, pixel);
      uv[2 * i] = pixel[2] == 0 ? PixelFlow.UNKNOWN : (pixel[0] - 32768) / 64f;
      uv[2 * i + 1] = pixel[2] == 0 ? PixelFlow.UNKNOWN : (pixel[1] - 32768) / 64f;
    }

    return new PixelFlow(width, height, uv);
  }
}

package org.denseflow.synthesis;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/**
 * Draws an object of a category in random pose, colour, texture and clutter, with exact mask and
 * keypoints. An image is a function of category, size and seed alone.
 */
public final class ObjectPainter {
  private static final int COLORS = 5;
  private static final double NOISE = 10;

  private final int width;
  private final int height;
  private final RandomGenerator random;

  private ObjectPainter(int width, int height, long seed) {
    this.width = width;
    this.height = height;
    this.random = new SplittableRandom(seed);
  }

  /** Draws one image. */
  public static DrawnImage draw(ObjectCategory category, int width, int height, long seed) {
    return new ObjectPainter(width, height, seed).draw(category);
  }

  private DrawnImage draw(ObjectCategory category) {
    ObjectSketch sketch = new ObjectSketch();
    category.draw(sketch, random);
    AffineTransform pose = pose();
    BufferedImage picture = canvas(BufferedImage.TYPE_INT_RGB);
    BufferedImage silhouette = canvas(BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D paint = graphics(picture, RenderingHints.VALUE_ANTIALIAS_ON);
    Graphics2D mark = graphics(silhouette, RenderingHints.VALUE_ANTIALIAS_OFF);
    background(paint);
    Color[] palette = palette();

    for (ObjectSketch.Piece piece : sketch.pieces()) {
      Shape shape = pose.createTransformedShape(piece.shape());
      paint.setColor(palette[piece.color()]);
      paint.fill(shape);

      if (piece.color() < 2) {
        texture(paint, shape, palette[piece.color()], piece.color());
      }

      paint.setColor(palette[2]);
      paint.setStroke(new BasicStroke(1.5f));
      paint.draw(shape);
      mark.setColor(Color.WHITE);
      mark.fill(shape);
    }

    paint.dispose();
    mark.dispose();
    return new DrawnImage(noisy(picture), mask(silhouette), parts(sketch, pose));
  }

  private AffineTransform pose() {
    double scale = Math.min(width, height) * (0.32 + 0.12 * random.nextDouble());
    AffineTransform pose = new AffineTransform();
    pose.translate(
        width * (0.5 + 0.1 * (2 * random.nextDouble() - 1)),
        height * (0.5 + 0.1 * (2 * random.nextDouble() - 1)));
    pose.rotate(Math.toRadians(15) * (2 * random.nextDouble() - 1));
    pose.shear(0.12 * (2 * random.nextDouble() - 1), 0);
    pose.scale(
        scale * (0.9 + 0.2 * random.nextDouble()), scale * (0.9 + 0.2 * random.nextDouble()));
    return pose;
  }

  private Color[] palette() {
    float hue = random.nextFloat();
    Color[] palette = new Color[COLORS];
    palette[0] =
        Color.getHSBColor(
            hue, 0.45f + 0.4f * random.nextFloat(), 0.6f + 0.35f * random.nextFloat());
    palette[1] =
        Color.getHSBColor(
            hue + 0.1f + 0.3f * random.nextFloat(), 0.5f, 0.5f + 0.3f * random.nextFloat());
    palette[2] = Color.getHSBColor(hue, 0.3f, 0.12f + 0.1f * random.nextFloat());
    palette[3] = Color.getHSBColor(0.55f, 0.15f, 0.9f);
    palette[4] = Color.getHSBColor(hue + 0.5f, 0.6f, 0.95f);
    return palette;
  }

  private void background(Graphics2D paint) {
    Color top = Color.getHSBColor(random.nextFloat(), 0.2f, 0.7f + 0.3f * random.nextFloat());
    Color bottom = Color.getHSBColor(random.nextFloat(), 0.3f, 0.4f + 0.3f * random.nextFloat());
    paint.setPaint(new GradientPaint(0, 0, top, 0, height, bottom));
    paint.fillRect(0, 0, width, height);

    for (int i = 0; i < 14; i++) {
      double x = random.nextDouble() * width;
      double y = random.nextDouble() * height;
      double w = (0.04 + 0.16 * random.nextDouble()) * width;
      double h = (0.04 + 0.16 * random.nextDouble()) * height;
      Color color = Color.getHSBColor(random.nextFloat(), 0.3f, 0.4f + 0.5f * random.nextFloat());
      paint.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 120));
      paint.fill(
          random.nextBoolean()
              ? new Ellipse2D.Double(x - w / 2, y - h / 2, w, h)
              : new RoundRectangle2D.Double(x - w / 2, y - h / 2, w, h, 6, 6));
    }
  }

  /** Stripes or dots inside a shape. */
  private void texture(Graphics2D paint, Shape shape, Color color, int variant) {
    Graphics2D clipped = (Graphics2D) paint.create();
    clipped.clip(shape);
    clipped.setColor(random.nextBoolean() ? color.darker() : color.brighter());
    clipped.setStroke(new BasicStroke(2));
    double step = 9 + 6 * random.nextDouble();

    for (double t = -height; t < width + height; t += step) {
      if (variant == 1) {
        clipped.draw(new Line2D.Double(t, 0, t + height * 0.5, height));
      } else {
        for (double y = 0; y < height; y += step) {
          clipped.fill(new Ellipse2D.Double(t, y, 3, 3));
        }
      }
    }

    clipped.dispose();
  }

  private List<DrawnImage.Part> parts(ObjectSketch sketch, AffineTransform pose) {
    List<DrawnImage.Part> parts = new ArrayList<>();

    for (DrawnImage.Part part : sketch.parts()) {
      // Java2D counts from pixel corners; our pixel 0 has its centre at 0.
      Point2D p = pose.transform(new Point2D.Double(part.x(), part.y()), null);
      parts.add(new DrawnImage.Part(part.name(), p.getX() - 0.5, p.getY() - 0.5));
    }

    return parts;
  }

  private RgbImage noisy(BufferedImage picture) {
    RgbImage image = ImageEncoder.fromBuffered(picture);
    byte[] pixels = image.pixels();

    for (int i = 0; i < pixels.length; i++) {
      double value = (pixels[i] & 0xff) + NOISE * (random.nextDouble() - 0.5);
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
    }

    return image;
  }

  private Mask mask(BufferedImage silhouette) {
    boolean[] inside = new boolean[width * height];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = silhouette.getRaster().getSample(i % width, i / width, 0) > 127;
    }

    return new Mask(width, height, inside);
  }

  private BufferedImage canvas(int type) {
    return new BufferedImage(width, height, type);
  }

  private static Graphics2D graphics(BufferedImage image, Object antialias) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, antialias);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    return graphics;
  }
}

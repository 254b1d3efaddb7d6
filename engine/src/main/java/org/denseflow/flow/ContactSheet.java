package org.denseflow.flow;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;

/** A contact sheet: pictures in rows under column titles. */
public final class ContactSheet {
  private static final int GAP = 8;
  private static final int TITLE = 24;

  private ContactSheet() {}

  /**
   * Draws a sheet.
   *
   * @param titles one per column
   * @param rows each as long as {@code titles}
   * @param cell the side of a cell in pixels; pictures are fitted into it, never cropped
   */
  public static RgbImage draw(List<String> titles, List<List<RgbImage>> rows, int cell) {
    int width = GAP + titles.size() * (cell + GAP);
    int height = TITLE + GAP + rows.size() * (cell + GAP);
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();

    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      graphics.setColor(Color.DARK_GRAY);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));

      for (int c = 0; c < titles.size(); c++) {
        graphics.drawString(titles.get(c), GAP + c * (cell + GAP), TITLE - 4);
      }

      for (int r = 0; r < rows.size(); r++) {
        for (int c = 0; c < titles.size(); c++) {
          fit(
              graphics,
              rows.get(r).get(c),
              GAP + c * (cell + GAP),
              TITLE + GAP + r * (cell + GAP),
              cell);
        }
      }
    } finally {
      graphics.dispose();
    }

    return ImageEncoder.fromBuffered(sheet);
  }

  private static void fit(Graphics2D graphics, RgbImage image, int x, int y, int cell) {
    double scale = Math.min((double) cell / image.width(), (double) cell / image.height());
    int w = Math.max(1, (int) Math.round(scale * image.width()));
    int h = Math.max(1, (int) Math.round(scale * image.height()));
    RgbImage small = org.denseflow.image.Resize.toRgb(image, w, h);
    graphics.drawImage(
        ImageEncoder.toBuffered(small), x + (cell - w) / 2, y + (cell - h) / 2, null);
  }
}

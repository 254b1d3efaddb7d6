package org.denseflow.synthesis;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.random.RandomGenerator;

/**
 * The kinds of objects that can be drawn. Each lives in a frame of about −1..1 with y downwards,
 * and varies its proportions within a category.
 */
public enum ObjectCategory {
  /** A car from the side. */
  CAR {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double roof = vary(r, -0.45, 0.08);
      double nose = vary(r, 0.95, 0.05);
      double cabin = vary(r, 0.0, 0.12);
      s.shape(
          polygon(-0.5 + cabin, -0.02, -0.3 + cabin, roof, 0.3 + cabin, roof, 0.55 + cabin, -0.02),
          1);
      s.shape(new RoundRectangle2D.Double(-0.95, -0.08, 0.95 + nose, 0.4, 0.2, 0.2), 0);
      s.shape(
          polygon(
              -0.38 + cabin,
              -0.05,
              -0.25 + cabin,
              roof + 0.08,
              0.0 + cabin,
              roof + 0.08,
              0.0 + cabin,
              -0.05),
          3);
      s.shape(
          polygon(
              0.05 + cabin,
              -0.05,
              0.05 + cabin,
              roof + 0.08,
              0.26 + cabin,
              roof + 0.08,
              0.42 + cabin,
              -0.05),
          3);
      double wheel = vary(r, 0.2, 0.03);
      s.disc(-0.55, 0.32, wheel, 2);
      s.disc(0.55, 0.32, wheel, 2);
      s.disc(-0.55, 0.32, wheel * 0.45, 4);
      s.disc(0.55, 0.32, wheel * 0.45, 4);
      s.disc(nose - 0.07, 0.05, 0.07, 4);
      s.part("rear wheel", -0.55, 0.32);
      s.part("front wheel", 0.55, 0.32);
      s.part("roof rear", -0.3 + cabin, roof);
      s.part("roof front", 0.3 + cabin, roof);
      s.part("headlight", nose - 0.07, 0.05);
      s.part("tail", -0.93, 0.05);
    }
  },
  /** A bird from the side. */
  BIRD {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double tail = vary(r, -0.95, 0.1);
      double head = vary(r, -0.42, 0.07);
      s.shape(polygon(-0.35, -0.05, tail, 0.05, tail, 0.25, -0.3, 0.2), 1);
      s.line(-0.05, 0.35, -0.1, 0.75);
      s.line(0.12, 0.35, 0.1, 0.75);
      s.shape(new Ellipse2D.Double(-0.5, -0.28, 1.0, 0.68), 0);
      s.disc(0.45, head, 0.27, 0);
      s.shape(polygon(0.68, head - 0.07, 0.98, head + 0.04, 0.68, head + 0.1), 4);
      s.shape(curve(-0.3, -0.05, 0.05, -0.3, 0.3, 0.0, 0.0, 0.3, -0.45, 0.25), 1);
      s.disc(0.5, head - 0.06, 0.055, 2);
      s.part("beak", 0.95, head + 0.03);
      s.part("eye", 0.5, head - 0.06);
      s.part("tail", tail, 0.15);
      s.part("wing tip", -0.43, 0.24);
      s.part("back foot", -0.1, 0.74);
      s.part("front foot", 0.1, 0.74);
      s.part("breast", 0.45, 0.1);
    }
  },
  /** A fish from the side. */
  FISH {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double height = vary(r, 0.42, 0.08);
      double fin = vary(r, -0.7, 0.08);
      s.shape(polygon(-0.5, 0, -0.98, -0.4, -0.82, 0, -0.98, 0.4), 1);
      s.shape(polygon(-0.25, -height * 0.8, 0.0, fin, 0.35, -height * 0.75), 1);
      s.shape(polygon(-0.1, height * 0.8, -0.05, 0.7, 0.2, height * 0.85), 1);
      s.shape(new Ellipse2D.Double(-0.65, -height, 1.6, 2 * height), 0);
      s.shape(new Rectangle2D.Double(-0.1, -height * 0.8, 0.12, height * 1.6), 4);
      s.shape(new Rectangle2D.Double(0.22, -height * 0.75, 0.1, height * 1.5), 4);
      s.disc(0.62, -0.1, 0.1, 3);
      s.disc(0.64, -0.1, 0.05, 2);
      s.part("mouth", 0.93, 0.05);
      s.part("eye", 0.63, -0.1);
      s.part("tail top", -0.96, -0.38);
      s.part("tail bottom", -0.96, 0.38);
      s.part("dorsal fin", 0.0, fin);
      s.part("belly fin", -0.05, 0.68);
    }
  },
  /** A chair, slightly from above. */
  CHAIR {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double back = vary(r, -0.85, 0.08);
      double seat = vary(r, 0.1, 0.05);
      s.shape(new Rectangle2D.Double(-0.5, seat, 0.12, 0.8 - seat), 2);
      s.shape(new Rectangle2D.Double(0.5, seat, 0.12, 0.8 - seat), 2);
      s.shape(new Rectangle2D.Double(-0.3, seat - 0.1, 0.09, 0.7 - seat), 2);
      s.shape(new RoundRectangle2D.Double(-0.55, back, 0.2, seat - back + 0.1, 0.1, 0.1), 1);
      s.shape(polygon(-0.4, back + 0.05, -0.05, back - 0.08, -0.05, seat - 0.15, -0.4, seat), 0);
      s.shape(
          polygon(
              -0.55, seat, 0.0, seat - 0.2, 0.7, seat - 0.1, 0.6, seat + 0.12, -0.5, seat + 0.15),
          1);
      s.shape(
          polygon(-0.35, back + 0.2, -0.1, back + 0.12, -0.1, back + 0.24, -0.35, back + 0.32), 4);
      s.part("back top", -0.45, back + 0.02);
      s.part("back right", -0.05, back - 0.07);
      s.part("rear foot", -0.44, 0.78);
      s.part("front foot", 0.56, 0.78);
      s.part("seat front", 0.68, seat - 0.1);
      s.part("seat rear", -0.53, seat + 0.02);
    }
  },
  /** A teapot. */
  TEAPOT {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double body = vary(r, 0.55, 0.05);
      double spout = vary(r, -0.3, 0.08);
      s.ring(-0.6, 0.0, 0.33, 0.12, 1);
      s.shape(polygon(0.4, 0.2, 0.9, spout, 0.98, spout + 0.1, 0.5, 0.45), 1);
      s.shape(new Ellipse2D.Double(-0.6, -0.4, 1.2, 2 * body), 0);
      s.shape(new Ellipse2D.Double(-0.35, -0.5, 0.7, 0.22), 1);
      s.disc(0.0, -0.56, 0.1, 4);
      s.shape(new Rectangle2D.Double(-0.55, 0.05, 1.1, 0.1), 4);
      s.shape(new RoundRectangle2D.Double(-0.3, 2 * body - 0.48, 0.6, 0.14, 0.08, 0.08), 2);
      s.part("knob", 0.0, -0.6);
      s.part("spout", 0.93, spout + 0.04);
      s.part("handle", -0.9, 0.0);
      s.part("lid left", -0.34, -0.4);
      s.part("lid right", 0.34, -0.4);
      s.part("foot left", -0.28, 2 * body - 0.38);
      s.part("foot right", 0.28, 2 * body - 0.38);
    }
  },
  /** A house from the front. */
  HOUSE {
    @Override
    void draw(ObjectSketch s, RandomGenerator r) {
      double ridge = vary(r, -0.85, 0.08);
      double door = vary(r, 0.15, 0.15);
      s.shape(new Rectangle2D.Double(0.35, ridge - 0.02, 0.18, 0.5), 2);
      s.shape(new Rectangle2D.Double(-0.7, -0.2, 1.4, 0.95), 0);
      s.shape(polygon(-0.85, -0.18, 0.0, ridge, 0.85, -0.18), 1);
      s.shape(new Rectangle2D.Double(door, 0.25, 0.3, 0.5), 2);
      s.shape(new Rectangle2D.Double(-0.5, 0.0, 0.35, 0.3), 3);
      s.shape(new Rectangle2D.Double(-0.34, 0.0, 0.03, 0.3), 4);
      s.disc(0.0, -0.4, 0.12, 3);
      s.part("ridge", 0.0, ridge);
      s.part("eave left", -0.83, -0.19);
      s.part("eave right", 0.83, -0.19);
      s.part("base left", -0.69, 0.74);
      s.part("base right", 0.69, 0.74);
      s.part("door top", door + 0.15, 0.25);
      s.part("window", -0.33, 0.15);
      s.part("chimney", 0.44, ridge);
    }
  };

  /** Draws the object's shapes from back to front and names its parts. */
  abstract void draw(ObjectSketch sketch, RandomGenerator random);

  private static double vary(RandomGenerator random, double centre, double spread) {
    return centre + spread * (2 * random.nextDouble() - 1);
  }

  private static Path2D polygon(double... xy) {
    Path2D path = new Path2D.Double();
    path.moveTo(xy[0], xy[1]);

    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(xy[i], xy[i + 1]);
    }

    path.closePath();
    return path;
  }

  private static Path2D curve(double... xy) {
    Path2D path = new Path2D.Double();
    path.moveTo(xy[0], xy[1]);

    for (int i = 2; i + 3 < xy.length; i += 4) {
      path.quadTo(xy[i], xy[i + 1], xy[i + 2], xy[i + 3]);
    }

    path.closePath();
    return path;
  }
}

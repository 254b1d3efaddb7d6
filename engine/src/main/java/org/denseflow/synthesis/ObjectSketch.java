package org.denseflow.synthesis;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/** What an object consists of in its own frame: shapes from back to front, and parts. */
final class ObjectSketch {

  /** A shape and the number of its colour in the object's palette. */
  record Piece(Shape shape, int color) {}

  private final List<Piece> pieces = new ArrayList<>();
  private final List<DrawnImage.Part> parts = new ArrayList<>();

  void shape(Shape shape, int color) {
    pieces.add(new Piece(shape, color));
  }

  void disc(double x, double y, double radius, int color) {
    shape(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), color);
  }

  void ring(double x, double y, double radius, double width, int color) {
    Area ring = new Area(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    double inner = radius - width;
    ring.subtract(new Area(new Ellipse2D.Double(x - inner, y - inner, 2 * inner, 2 * inner)));
    shape(ring, color);
  }

  void line(double x1, double y1, double x2, double y2) {
    shape(new BasicStroke(0.06f).createStrokedShape(new Line2D.Double(x1, y1, x2, y2)), 2);
  }

  void part(String name, double x, double y) {
    parts.add(new DrawnImage.Part(name, x, y));
  }

  List<Piece> pieces() {
    return pieces;
  }

  List<DrawnImage.Part> parts() {
    return parts;
  }
}

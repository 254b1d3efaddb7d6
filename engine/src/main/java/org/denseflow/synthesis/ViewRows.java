package org.denseflow.synthesis;

import org.denseflow.geometry.ThinPlateSpline;

/**
 * Where each pixel of a view looks in its image, row by row, for views of one size. The spline's
 * kernel is tabulated once: control points lie half a view apart, so on a view with an even height
 * three rows of control points share one table. Not safe for use by several threads.
 */
final class ViewRows {
  private final int width;
  private final int height;
  private final double[] columns;
  private final float[] columnsF;
  private final float[] bentX;
  private final float[] bentY;
  private final double[] u;
  private final double[] v;
  private float[][][] kernels;

  ViewRows(int width, int height) {
    this.width = width;
    this.height = height;
    this.columns = new double[width];
    this.columnsF = new float[width];
    this.bentX = new float[width];
    this.bentY = new float[width];
    this.u = new double[width];
    this.v = new double[width];

    for (int x = 0; x < width; x++) {
      columns[x] = centre(x, width);
      columnsF[x] = (float) columns[x];
    }
  }

  /** The normalised coordinate of a pixel's centre. */
  static double centre(int pixel, int side) {
    return 2 * (pixel + 0.5) / side - 1;
  }

  /** Image x of the row's pixels after {@link Row#at}. */
  double[] u() {
    return u;
  }

  /** Image y of the row's pixels after {@link Row#at}. */
  double[] v() {
    return v;
  }

  /** The rows of one view. */
  Row of(ViewMap map) {
    if (map.spline() != null && kernels == null) {
      kernels = kernels();
    }

    return new Row(map);
  }

  /** Fills {@link #u} and {@link #v} for one row of one view. */
  final class Row {
    private final double[] m;
    private final boolean affine;
    private final boolean sum;
    private final double[] cx;
    private final double[] cy;

    private Row(ViewMap map) {
      this.m = map.projective().m();
      this.affine = map.projective().isAffine();
      this.sum = map.order() == WarpComposition.SUM;
      this.cx = map.spline() == null ? null : map.spline().coefficients(0);
      this.cy = map.spline() == null ? null : map.spline().coefficients(1);
    }

    /**
     * The order in which rows are best made: with a spline from both ends to the middle, since a
     * row and its mirror use the same tables.
     */
    int ordered(int index) {
      if (cx == null) {
        return index;
      }

      return index % 2 == 0 ? index / 2 : height - 1 - index / 2;
    }

    /** Computes row y. */
    void at(int y) {
      double rowY = centre(y, height);

      if (cx == null) {
        straight(rowY);
        return;
      }

      bend(y);

      if (sum) {
        straight(rowY);

        for (int x = 0; x < width; x++) {
          u[x] = u[x] + bentX[x];
          v[x] = v[x] + bentY[x];
        }
      } else {
        through(rowY);
      }
    }

    /** Whether the row's pixels look at points of a straight line at equal distances. */
    boolean isStraight() {
      return cx == null && affine;
    }

    /** Image x of the first pixel of row y, if it {@link #isStraight}. */
    double firstU(int y) {
      return m[0] * columns[0] + (m[1] * centre(y, height) + m[2]);
    }

    /** Image y of the first pixel of row y, if it {@link #isStraight}. */
    double firstV(int y) {
      return m[3] * columns[0] + (m[4] * centre(y, height) + m[5]);
    }

    /** Image x from one pixel to the next. */
    double stepU() {
      return m[0] * (2.0 / width);
    }

    /** Image y from one pixel to the next. */
    double stepV() {
      return m[3] * (2.0 / width);
    }

    private void straight(double rowY) {
      double u0 = m[1] * rowY + m[2];
      double v0 = m[4] * rowY + m[5];
      double w0 = m[7] * rowY + m[8];
      double m0 = m[0];
      double m3 = m[3];
      double m6 = m[6];

      for (int x = 0; x < width; x++) {
        u[x] = m0 * columns[x] + u0;
        v[x] = m3 * columns[x] + v0;
      }

      if (!affine) {
        for (int x = 0; x < width; x++) {
          double scale = 1 / (m6 * columns[x] + w0);
          u[x] = u[x] * scale;
          v[x] = v[x] * scale;
        }
      }
    }

    /** The projective map of the points that the spline has moved. */
    private void through(double rowY) {
      double m0 = m[0];
      double m1 = m[1];
      double m2 = m[2];
      double m3 = m[3];
      double m4 = m[4];
      double m5 = m[5];

      for (int x = 0; x < width; x++) {
        double px = columns[x] + bentX[x];
        double py = rowY + bentY[x];
        u[x] = m0 * px + m1 * py + m2;
        v[x] = m3 * px + m4 * py + m5;
      }

      if (!affine) {
        for (int x = 0; x < width; x++) {
          double scale = 1 / (m[6] * (columns[x] + bentX[x]) + m[7] * (rowY + bentY[x]) + m[8]);
          u[x] = u[x] * scale;
          v[x] = v[x] * scale;
        }
      }
    }

    /** The spline's displacement along a row, in single precision: 1e-5 pixel is enough here. */
    private void bend(int y) {
      double rowY = centre(y, height);
      float x0 = (float) (cx[9] + cx[11] * rowY);
      float y0 = (float) (cy[9] + cy[11] * rowY);
      float xx = (float) cx[10];
      float yx = (float) cy[10];

      for (int x = 0; x < width; x++) {
        bentX[x] = xx * columnsF[x] + x0;
        bentY[x] = yx * columnsF[x] + y0;
      }

      for (int row = 0; row < ThinPlateSpline.SIDE; row++) {
        int below = y + (2 - row) * height / 2 - height;
        float[][] windows = kernels[below < 0 ? -1 - below : below];
        addKernels(3 * row, windows);
      }
    }

    private void addKernels(int from, float[][] windows) {
      float leftX = (float) cx[from];
      float middleX = (float) cx[from + 1];
      float rightX = (float) cx[from + 2];
      float leftY = (float) cy[from];
      float middleY = (float) cy[from + 1];
      float rightY = (float) cy[from + 2];
      float[] toX = bentX;
      float[] toY = bentY;
      float[] left = windows[0];
      float[] middle = windows[1];
      float[] right = windows[2];

      for (int x = 0; x < toX.length; x++) {
        toX[x] += leftX * left[x] + middleX * middle[x] + rightX * right[x];
        toY[x] += leftY * left[x] + middleY * middle[x] + rightY * right[x];
      }
    }
  }

  /**
   * {@code [height, 3, width]}: the kernel along a row of pixels, for the control points on the
   * left, in the middle and on the right, which lie as many rows and a half below or above as the
   * table's index says. The windows are arrays of their own because the compiler vectorises only
   * equal indices.
   */
  private float[][][] kernels() {
    float[][][] tables = new float[height][ThinPlateSpline.SIDE][width];

    for (int row = 0; row < height; row++) {
      double dy = 2 * (row + 0.5) / height;

      for (int window = 0; window < ThinPlateSpline.SIDE; window++) {
        for (int x = 0; x < width; x++) {
          double dx = columns[x] - ThinPlateSpline.controlX(window);
          tables[row][window][x] = (float) ThinPlateSpline.kernel(dx * dx + dy * dy);
        }
      }
    }

    return tables;
  }
}

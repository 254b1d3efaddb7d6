package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.geometry.ThinPlateSpline;
import org.junit.jupiter.api.Test;

/** Maps against hand-computed cases, naive evaluation and finite differences. */
class GeometryTest {

  @Test
  void splitMix64GivesThePublishedNumbersForSeed1234567() {
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(random.next()).isEqualTo(6457827717110365317L);
    assertThat(random.next()).isEqualTo(3203168211198807973L);
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("9817491932198370423");
  }

  @Test
  void orderOfAffineAndSplineIsTheOneComputedByHand() {
    double[] constant = new double[18];

    for (int i = 0; i < 18; i += 2) {
      constant[i] = 0.1;
    }

    Projective affine = Projective.affine(2, 0, 0.5, 0, 3, 0);
    ThinPlateSpline spline = new ThinPlateSpline(constant);
    // the spline moves every point by (0.1, 0): 2 (0.2 + 0.1) + 0.5 = 1.1, and 2 · 0.2 + 0.5 + 0.1
    ViewMap.Evaluator after =
        new ViewMap(affine, spline, WarpComposition.AFFINE_AFTER_TPS).evaluator();
    assertThat(after.at(0.2, 0.3).u()).isCloseTo(1.1, within(1e-12));
    assertThat(after.v()).isCloseTo(0.9, within(1e-12));
    ViewMap.Evaluator sum = new ViewMap(affine, spline, WarpComposition.SUM).evaluator();
    assertThat(sum.at(0.2, 0.3).u()).isCloseTo(1.0, within(1e-12));
    assertThat(sum.v()).isCloseTo(0.9, within(1e-12));
  }

  @Test
  void splinePassesThroughItsControlPoints() {
    ThinPlateSpline spline = spline(3, 0.4);
    ViewMap.Evaluator map =
        new ViewMap(Projective.IDENTITY, spline, WarpComposition.AFFINE_AFTER_TPS).evaluator();

    for (int j = 0; j < 9; j++) {
      double x = j % 3 - 1;
      double y = j / 3 - 1;
      map.at(x, y);
      assertThat(map.u()).isCloseTo(x + spline.displacement()[2 * j], within(1e-10));
      assertThat(map.v()).isCloseTo(y + spline.displacement()[2 * j + 1], within(1e-10));
    }
  }

  @Test
  void homographyTakesCornersToTheirPointsAndItsInverseTakesThemBack() {
    double[] corners = {-0.8, -1.1, 1.2, -0.7, 0.9, 1.3, -1.2, 0.75};
    Projective map = Projective.ofCorners(corners);
    double[] from = {-1, -1, 1, -1, 1, 1, -1, 1};

    for (int i = 0; i < 4; i++) {
      Point to = map.map(from[2 * i], from[2 * i + 1]);
      assertThat(to.x()).isCloseTo(corners[2 * i], within(1e-12));
      assertThat(to.y()).isCloseTo(corners[2 * i + 1], within(1e-12));
      Point back = map.inverse().map(to.x(), to.y());
      assertThat(back.x()).isCloseTo(from[2 * i], within(1e-12));
      assertThat(back.y()).isCloseTo(from[2 * i + 1], within(1e-12));
    }

    double[] identity = map.inverse().after(map).normalised().m();

    for (int i = 0; i < 9; i++) {
      assertThat(identity[i]).isCloseTo(i % 4 == 0 ? 1 : 0, within(1e-12));
    }
  }

  @Test
  void jacobianAgreesWithFiniteDifferencesAndNewtonInvertsTheMap() {
    Projective homography =
        Projective.ofCorners(new double[] {-0.8, -1.1, 1.2, -0.7, 1, 1.3, -1.2, 1});

    for (ViewMap map :
        new ViewMap[] {
          new ViewMap(homography, null, WarpComposition.AFFINE_AFTER_TPS),
          new ViewMap(homography, spline(4, 0.1), WarpComposition.AFFINE_AFTER_TPS),
          new ViewMap(
              Projective.affine(-0.5, 0.1, 0, 0.05, 0.6, 0.1), spline(5, 0.05), WarpComposition.SUM)
        }) {
      ViewMap.Evaluator e = map.evaluator();
      double h = 1e-6;

      for (double[] p : new double[][] {{0.31, -0.57}, {-0.9, 0.9}, {0.03, 0.01}}) {
        double ux = (e.at(p[0] + h, p[1]).u() - e.at(p[0] - h, p[1]).u()) / (2 * h);
        double uy = (e.at(p[0], p[1] + h).u() - e.at(p[0], p[1] - h).u()) / (2 * h);
        double vx = (e.at(p[0] + h, p[1]).v() - e.at(p[0] - h, p[1]).v()) / (2 * h);
        double vy = (e.at(p[0], p[1] + h).v() - e.at(p[0], p[1] - h).v()) / (2 * h);
        assertThat(e.at(p[0], p[1]).determinant()).isCloseTo(ux * vy - uy * vx, within(1e-7));
        Point back = e.inverse(e.u(), e.v());
        assertThat(back.x()).isCloseTo(p[0], within(1e-9));
        assertThat(back.y()).isCloseTo(p[1], within(1e-9));
      }
    }
  }

  @Test
  void rowsOfAViewAreTheMapAtEachPixelCentre() {
    Projective homography =
        Projective.ofCorners(new double[] {-0.8, -1.1, 1.2, -0.7, 1, 1.3, -1.2, 1});

    for (ViewMap map :
        new ViewMap[] {
          new ViewMap(
              Projective.affine(0.5, 0.1, -0.2, 0.3, 0.7, 0.1),
              null,
              WarpComposition.AFFINE_AFTER_TPS),
          new ViewMap(homography, null, WarpComposition.AFFINE_AFTER_TPS),
          new ViewMap(homography, spline(6, 0.3), WarpComposition.AFFINE_AFTER_TPS),
          new ViewMap(
              Projective.affine(0.5, 0.1, 0, 0, 0.6, 0), spline(7, 0.2), WarpComposition.SUM)
        }) {
      ViewRows rows = new ViewRows(16, 10);
      ViewRows.Row row = rows.of(map);
      ViewMap.Evaluator e = map.evaluator();

      for (int y = 0; y < 10; y++) {
        row.at(y);

        for (int x = 0; x < 16; x++) {
          e.at((x + 0.5) / 8 - 1, (y + 0.5) / 5 - 1);
          assertThat(rows.u()[x]).isCloseTo(e.u(), within(2e-6));
          assertThat(rows.v()[x]).isCloseTo(e.v(), within(2e-6));
        }
      }
    }
  }

  static ThinPlateSpline spline(long seed, double range) {
    Random random = new Random(seed);
    double[] displacement = new double[18];

    for (int i = 0; i < 18; i++) {
      displacement[i] = range * (2 * random.nextDouble() - 1);
    }

    return new ThinPlateSpline(displacement);
  }
}

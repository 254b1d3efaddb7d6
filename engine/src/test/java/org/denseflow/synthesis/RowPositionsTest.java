package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of a straight row that sees the image, against a look at each of its positions. */
class RowPositionsTest {
  private static final int LENGTH = 53;
  private static final int WIDTH = 128;
  private static final int HEIGHT = 64;

  @Test
  void aStraightRowSeesTheImageBetweenFromAndTo() {
    Random random = new Random(3);
    RowPositions positions = new RowPositions(LENGTH);
    positions.within(WIDTH, HEIGHT);
    int cut = 0;

    for (int repeat = 0; repeat < 20_000; repeat++) {
      double[] line = {edge(random), eighths(40, WIDTH, random), 0, eighths(40, HEIGHT, random)};
      line[0] -= random.nextInt(LENGTH) * line[1];
      line[2] = random.nextBoolean() ? 0.1 : edge(random) - random.nextInt(LENGTH) * line[3];
      positions.place(line[0], line[1], line[2], line[3]);
      int[] seen = IntStream.range(0, LENGTH).filter(i -> inside(positions, i)).toArray();
      assertThat(IntStream.range(positions.from(), positions.to()).toArray()).isEqualTo(seen);
      cut += seen.length > 0 && seen.length < LENGTH ? 1 : 0;
    }

    assertThat(cut).isGreaterThan(5_000);
  }

  private static double edge(Random random) {
    return random.nextBoolean() ? 1 : -1;
  }

  /** A number of eighths of 1/64 pixel, normalised: exact in binary, so that halves occur. */
  private static double eighths(int most, int size, Random random) {
    return (random.nextInt(2 * most + 1) - most) / 8.0 * 2 / 64 / size;
  }

  private static boolean inside(RowPositions positions, int i) {
    int half = RowPositions.ONE / 2;
    int x = positions.x()[i];
    int y = positions.y()[i];
    return x >= half
        && y >= half
        && x <= WIDTH * RowPositions.ONE + half
        && y <= HEIGHT * RowPositions.ONE + half;
  }
}

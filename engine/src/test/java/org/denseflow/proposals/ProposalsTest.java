package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.denseflow.image.RgbImage;
import org.denseflow.proposals.ProposalParameters.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProposalsTest {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;

  private final RgbImage image = TestImages.rectangles(WIDTH, HEIGHT, 5);

  private List<RegionBox> propose(Kind kind, int count, long seed) {
    return new Proposals(new ProposalParameters(kind, count, 0.05, 0.1, seed)).of(image);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void regionsAreDistinctLargeEnoughAndOffTheBorder(Kind kind) {
    List<RegionBox> boxes = propose(kind, 100, 1);
    assertThat(boxes).hasSizeBetween(60, 100).doesNotHaveDuplicates();

    for (RegionBox box : boxes) {
      assertThat(Math.min(box.width(), box.height())).isGreaterThanOrEqualTo(12);
      boolean inside = box.x1() >= 8 && box.x2() <= 152 && box.y1() >= 6 && box.y2() <= 114;
      boolean whole = box.width() >= 144 && box.height() >= 108;
      assertThat(inside || whole).as("%s", box).isTrue();
      assertThat(box.x1() % 1 + box.y1() % 1 + box.x2() % 1 + box.y2() % 1).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theSameSeedAndPixelsGiveTheSameRegions(Kind kind) {
    assertThat(propose(kind, 50, 1)).isEqualTo(propose(kind, 50, 1));
    assertThat(propose(kind, 50, 1)).isNotEqualTo(propose(kind, 50, 2));
  }

  /** OpenCV's own source of chance is one for all threads. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RANDOMISED_PRIM", "SELECTIVE_SEARCH"})
  void threadsThatProposeAtOnceFindTheSameRegions(Kind kind) throws Exception {
    List<RgbImage> images =
        IntStream.range(0, 8).mapToObj(i -> TestImages.rectangles(WIDTH, HEIGHT, i)).toList();
    Proposals proposals = new Proposals(new ProposalParameters(kind, 50, 0.05, 0.1, 1));
    List<List<RegionBox>> alone = images.stream().map(proposals::of).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);

    try {
      List<Callable<List<RegionBox>>> tasks =
          IntStream.range(0, 24)
              .mapToObj(i -> (Callable<List<RegionBox>>) () -> proposals.of(images.get(i % 8)))
              .toList();
      List<Future<List<RegionBox>>> together = threads.invokeAll(tasks);

      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i % 8));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** No pixel has both a row and a column of neighbours to be merged with. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void linesAndSinglePixelsHaveARegion(Kind kind) {
    ProposalParameters parameters = new ProposalParameters(kind, 10, 0.01, 0.1, 1);

    for (int[] size : new int[][] {{1, 1}, {1, 9}, {9, 1}, {2, 2}}) {
      RgbImage small = TestImages.noise(size[0], size[1], 2);
      assertThat(new Proposals(parameters).of(small)).isNotEmpty();
    }
  }

  @Test
  void superpixelsOfAPlainImageLeaveTheWholeOfIt() {
    RgbImage plain = new RgbImage(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]);
    ProposalParameters parameters = new ProposalParameters(Kind.SELECTIVE_SEARCH, 10, 0.01, 0.1, 1);
    assertThat(new Proposals(parameters).of(plain))
        .containsExactly(new RegionBox(0, 0, WIDTH, HEIGHT));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void oneRegionAndRegionsAsLargeAsTheImageAreFound(Kind kind) {
    assertThat(propose(kind, 1, 1)).hasSize(1);
    ProposalParameters large = new ProposalParameters(kind, 10, 0.05, 1, 1);
    assertThat(new Proposals(large).of(image))
        .isNotEmpty()
        .allMatch(box -> Math.min(box.width(), box.height()) >= HEIGHT);
  }

  /** A bright square on black: superpixels find it exactly, boxes at random do not. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RANDOMISED_PRIM", "SELECTIVE_SEARCH"})
  void superpixelsFindAnObjectThatStandsOut(Kind kind) {
    byte[] pixels = new byte[3 * WIDTH * HEIGHT];

    for (int y = 40; y < 80; y++) {
      for (int x = 50; x < 110; x++) {
        pixels[3 * (y * WIDTH + x)] = (byte) 200;
      }
    }

    RegionBox object = new RegionBox(50, 40, 110, 80);
    ProposalParameters parameters = new ProposalParameters(kind, 20, 0.01, 0.1, 1);
    List<RegionBox> boxes = new Proposals(parameters).of(new RgbImage(WIDTH, HEIGHT, pixels));
    assertThat(boxes.stream().mapToDouble(object::iou).max().getAsDouble()).isGreaterThan(0.9);
  }

  @Test
  void uniformBoxesAreAsLongAsWide() {
    List<RegionBox> boxes = new UniformSampling(0.1).propose(image, 4000, new Random(3));
    assertThat(boxes.stream().mapToDouble(b -> Math.log(b.width() / b.height())).average())
        .hasValueCloseTo(0.0, within(0.06));
    assertThat(boxes.stream().mapToDouble(b -> b.centerX() / WIDTH).average())
        .hasValueCloseTo(0.5, within(0.02));
  }

  @Test
  void anImpossibleNumberIsNamed() {
    assertThatThrownBy(() -> new ProposalParameters(Kind.UNIFORM, 0, 0.01, 0.1, 1))
        .hasMessageContaining("found 0");
  }

  @Test
  void intersectionOverUnionOfHandMadeBoxes() {
    RegionBox a = new RegionBox(0, 0, 4, 2);
    assertThat(a.iou(new RegionBox(2, 0, 6, 2))).isEqualTo(4.0 / 12);
    assertThat(a.iou(new RegionBox(4, 0, 6, 2))).isZero();
    assertThat(a.iou(a)).isEqualTo(1);
  }
}

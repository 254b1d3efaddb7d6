package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.denseflow.SharedData;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

/** What a pair promises: the flow warps one view onto the other, there and back, mask and all. */
class PairRendererTest {

  @Test
  void sourceWarpedByTheTrueFlowIsTheTarget() throws IOException, ImageException {
    List<Double> psnr = new ArrayList<>();
    PairParameters base = PairDrawTest.strong();
    PairDraw draw = new PairDraw(PairDrawTest.withView(base, new Size(320, 320)));
    PairRenderer renderer = new PairRenderer(320, 320);

    for (RgbImage image : images()) {
      PairRecipe recipe =
          draw.draw(PairKey.of(1, "x", psnr.size()), ImageFacts.of(image, null)).recipe();
      PairQuality quality = PairQuality.of(renderer.render(plain(recipe), image, null));
      psnr.add(quality.psnr());
      assertThat(quality.roundTrip()).isLessThan(1e-6);
    }

    Collections.sort(psnr);
    System.out.printf("PSNR of warped views, median of %d: %.1f dB%n", psnr.size(), median(psnr));
    assertThat(median(psnr)).isGreaterThan(32);
  }

  @Test
  void forwardThenBackwardReturns() {
    PairDraw draw = new PairDraw(PairDrawTest.strong());
    ImageFacts facts = new ImageFacts(256, 200, 90, new byte[0]);

    for (int i = 0; i < 20; i++) {
      PairRecipe recipe = draw.draw(PairKey.of(2, "y", i), facts).recipe();

      for (double[] p : new double[][] {{0.1, 0.2}, {-0.5, 0.4}, {0, 0}}) {
        Point to = target(recipe, p[0], p[1]);
        Point back = target(recipe.reversed(), to.x(), to.y());
        // half a view is 1: 0.01 pixel of 320 is 6e-5
        assertThat(Math.hypot(back.x() - p[0], back.y() - p[1])).isLessThan(1e-9);
      }

      FlowField there = GroundTruth.flow(recipe, 320, 320);
      FlowField back = GroundTruth.flow(recipe.reversed(), 320, 320);
      assertThat(median(roundTrips(there, back, 320)))
          .as("dense fields, interpolated")
          .isLessThan(0.01);
    }
  }

  private static Point target(PairRecipe recipe, double x, double y) {
    ViewMap.Evaluator source = recipe.source().map().evaluator().at(x, y);
    return recipe.target().map().evaluator().inverse(source.u(), source.v());
  }

  /** How far pixels end from themselves, of those that both flows know. */
  private static List<Double> roundTrips(FlowField there, FlowField back, int side) {
    List<Double> errors = new ArrayList<>();

    for (int i = 0; i < side * side; i++) {
      double x = (i % side + 0.5) / side;
      double y = (i / side + 0.5) / side;
      double[] to = FlowSampler.displacement(there, x, y);
      double tx = x + to[0];
      double ty = y + to[1];
      boolean stays = tx >= 0 && ty >= 0 && tx <= 1 && ty <= 1;

      if (stays && FlowSampler.valid(there, x, y) && FlowSampler.valid(back, tx, ty)) {
        double[] home = FlowSampler.displacement(back, tx, ty);
        errors.add(side * Math.hypot(to[0] + home[0], to[1] + home[1]));
      }
    }

    Collections.sort(errors);
    return errors;
  }

  @Test
  void maskFollowsItsImage() {
    byte[] pixels = new byte[3 * 120 * 90];
    boolean[] inside = new boolean[120 * 90];

    for (int i = 0; i < inside.length; i++) {
      int x = i % 120 - 60;
      int y = i / 120 - 45;
      inside[i] = x * x + 2 * y * y < 900;
      pixels[3 * i] = pixels[3 * i + 1] = pixels[3 * i + 2] = (byte) (inside[i] ? 255 : 0);
    }

    RgbImage image = new RgbImage(120, 90, pixels);
    Mask mask = new Mask(120, 90, inside);
    PairDraw draw = new PairDraw(PairDrawTest.strong());
    PairRecipe recipe =
        plain(draw.draw(PairKey.of(3, "z", 0), ImageFacts.of(image, mask)).recipe());
    SyntheticPair pair = new PairRenderer(96, 80).render(recipe, image, mask);
    int differing = 0;

    for (int i = 0; i < 96 * 80; i++) {
      differing +=
          (pair.target().pixels()[3 * i] & 0xff) > 127 != pair.targetMask().inside()[i] ? 1 : 0;
    }

    assertThat(differing).as("only pixels on the outline may differ").isLessThan(120);
    assertThat(pair.sourceMask().inside()).contains(true).contains(false);
    assertThat(PairQuality.of(pair).maskIou()).isGreaterThan(0.97);
  }

  @Test
  void aViewIsRenderedTheSameTwiceAndOddSizesAreRefused() {
    RgbImage image = noise(100, 70);
    PairRecipe recipe =
        new PairDraw(PairDrawTest.strong())
            .draw(PairKey.of(4, "w", 0), ImageFacts.of(image, null))
            .recipe();
    PairRenderer renderer = new PairRenderer(96, 80);
    byte[] first = renderer.render(recipe, image, null).target().pixels();
    assertThat(renderer.render(recipe, image, null).target().pixels()).isEqualTo(first);
    assertThat(new PairRenderer(96, 80).render(recipe, image, null).target().pixels())
        .isEqualTo(first);
    assertThatThrownBy(() -> new PairRenderer(95, 80)).hasMessageContaining("must be even");
  }

  private static RgbImage noise(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    new java.util.Random(9).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }

  private static PairRecipe plain(PairRecipe r) {
    return new PairRecipe(
        r.viewWidth(),
        r.viewHeight(),
        r.workingWidth(),
        r.workingHeight(),
        r.padding(),
        r.model(),
        new PairRecipe.View(r.source().map(), ColorMatrix.IDENTITY, 1, 1),
        new PairRecipe.View(r.target().map(), ColorMatrix.IDENTITY, 1, 1),
        r.flipped(),
        r.attempts(),
        r.drawn());
  }

  private static List<RgbImage> images() throws IOException, ImageException {
    List<RgbImage> images = new ArrayList<>();

    try (Stream<Path> walk = Files.walk(SharedData.path("train-images/caltech101"))) {
      for (Path path : walk.filter(Files::isRegularFile).sorted().limit(60).toList()) {
        images.add(ImageDecoder.decode(Files.readAllBytes(path), ImageLimits.DEFAULT).image());
      }
    }

    return images;
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }
}

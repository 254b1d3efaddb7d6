package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;

class CoverageTest {

  @Test
  void halvingAMaskGivesShares() {
    boolean[] inside = new boolean[64];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = i % 8 < 4;
    }

    Coverage half = Coverage.of(new Mask(8, 8, inside), new Size(4, 4));
    assertThat(half.share()[0]).isEqualTo(1);
    // pixels 1 to 4 weigh 1/8, 3/8, 3/8 and 1/8; 4 is outside
    assertThat(half.share()[1]).isCloseTo(0.875f, within(1e-6f));
    assertThat(half.share()[3]).isEqualTo(0);
    assertThat(half.mask(new Size(8, 8)).inside()).isEqualTo(inside);
  }

  @Test
  void readsBetweenPixelsAndBeyondTheBorder() {
    Coverage ramp = new Coverage(2, 2, new float[] {0, 1, 0.5f, 0.5f});
    assertThat(ramp.at(0.25, 0)).isEqualTo(0.25f);
    assertThat(ramp.at(1, 0.5)).isEqualTo(0.75f);
    assertThat(ramp.at(-3, -3)).isEqualTo(0);
    assertThat(ramp.at(9, 9)).isEqualTo(0.5f);
  }

  @Test
  void softIntersectionOverUnion() {
    Coverage a = new Coverage(3, 1, new float[] {1, 0.5f, 0});
    Coverage b = new Coverage(3, 1, new float[] {0.5f, 1, 0});
    assertThat(Coverage.iou(a, b)).isEqualTo(0.5);
    assertThat(Coverage.iou(a, a)).isEqualTo(1);
    Coverage none = new Coverage(3, 1, new float[3]);
    assertThat(Coverage.iou(none, none)).isEqualTo(0);
    assertThat(Coverage.iou(a.hard(), b.hard())).isEqualTo(0);
    assertThat(a.hard().share()).containsExactly(1, 0, 0);
  }

  @Test
  void isAGreyPng() throws IOException {
    byte[] png = ImageEncoder.png(new Coverage(3, 1, new float[] {0, 0.5f, 1}));
    var image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getRaster().getNumBands()).isEqualTo(1);
    assertThat(image.getRaster().getPixels(0, 0, 3, 1, (int[]) null)).containsExactly(0, 128, 255);
  }
}

package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

/** Three superpixels of an image of four by two pixels, measured by hand. */
class RegionGraphTest {
  private static final Superpixels LABELS =
      new Superpixels(4, 2, new int[] {0, 0, 1, 2, 0, 1, 1, 2}, 3);

  /** Red is 0, but 255 in superpixel 2 and in one of the three pixels of 1; the rest is 16. */
  private static RegionGraph graph() {
    byte[] pixels = new byte[3 * 8];
    Arrays.fill(pixels, (byte) 16);

    for (int i = 0; i < 8; i++) {
      boolean isRed = LABELS.labels()[i] == 2 || i == 6;
      pixels[3 * i] = (byte) (isRed ? 255 : 0);
    }

    return new RegionGraph(LABELS, new RgbImage(4, 2, pixels));
  }

  @Test
  void sizesAndBoxes() {
    RegionGraph graph = graph();
    assertThat(graph.pixels()).isEqualTo(8);
    assertThat(graph.regions()).extracting(RegionGraph.Region::size).containsExactly(3, 3, 2);
    assertThat(graph.regions())
        .extracting(RegionGraph.Region::box)
        .containsExactly(
            new RegionBox(0, 0, 2, 2), new RegionBox(1, 0, 3, 2), new RegionBox(3, 0, 4, 2));
  }

  @Test
  void bordersAreCountedInPairsOfPixels() {
    RegionGraph graph = graph();
    assertThat(graph.edges())
        .containsExactly(new RegionGraph.Edge(0, 1, 3), new RegionGraph.Edge(1, 2, 2));
    assertThat(graph.edges().get(0).other(0)).isEqualTo(1);
  }

  /** Of the three channels, green and blue agree; red agrees in none or a third of the pixels. */
  @Test
  void similarityIsTheIntersectionOfHistograms() {
    RegionGraph.Region first = graph().regions().get(0);
    RegionGraph.Region second = graph().regions().get(1);
    RegionGraph.Region third = graph().regions().get(2);
    assertThat(first.colorSimilarity(first)).isCloseTo(1, within(1e-6));
    assertThat(first.colorSimilarity(third)).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(second.colorSimilarity(third)).isCloseTo((2 + 1 / 3.0) / 3, within(1e-6));
  }
}

package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.denseflow.image.MadeFiles.bytes;

import java.util.List;
import org.denseflow.image.MadeFiles.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskDecoderTest {

  @Test
  void levelsOfAnnotatorsCountOverHalf() throws Exception {
    int[] levels = {0, 51, 102, 153, 204, 255};
    assertInside(grey(levels), "000111");
    int[] pairs = {0, 255, 51, 255, 102, 255, 153, 255, 204, 255, 255, 255};
    assertInside(MadeFiles.png(6, 1, 8, MadeFiles.GREY_ALPHA, bytes(pairs)), "000111");
    assertInside(grey(0, 51, 255), "001");
    assertInside(grey(0, 127, 128), "001");
  }

  @Test
  void ofZeroAndOneAloneOneIsTheObject() throws Exception {
    assertInside(grey(0, 1, 1, 0), "0110");
    byte[] rgb = bytes(0, 0, 0, 1, 1, 1);
    assertInside(MadeFiles.png(2, 1, 8, MadeFiles.RGB, rgb), "01");
    assertInside(MadeFiles.png(2, 1, 16, MadeFiles.GREY, bytes(0, 0, 0, 1)), "01");
    assertInside(MadeFiles.png(4, 1, 1, MadeFiles.GREY, bytes(0b01100000)), "0110");
    assertInside(MadeFiles.png(2, 1, 8, MadeFiles.GREY_ALPHA, bytes(0, 255, 1, 255)), "01");
    Chunk greys = new Chunk("PLTE", bytes(0, 0, 0, 1, 1, 1));
    assertInside(MadeFiles.png(2, 1, 8, MadeFiles.PALETTE, bytes(0, 1), greys), "01");
  }

  /** Cat, 64 0 0, and potted plant, 0 64 0, are dark; the void border, 224 224 192, is bright. */
  @Test
  void ofVocPalettesEveryClassIsTheObjectAndTheBorderIsNot() throws Exception {
    byte[] labels = bytes(0, 8, 16, 255, 1);
    assertInside(MadeFiles.png(5, 1, 8, MadeFiles.PALETTE, labels, voc()), "01101");
    byte[] colours = bytes(0, 0, 0, 64, 0, 0, 0, 64, 0, 224, 224, 192, 128, 0, 0);
    assertInside(MadeFiles.png(5, 1, 8, MadeFiles.RGB, colours), "01101");
  }

  @Test
  void palettesOfGreyAreGrey() throws Exception {
    Chunk white = new Chunk("PLTE", bytes(255, 255, 255, 0, 0, 0));
    assertInside(MadeFiles.png(2, 1, 8, MadeFiles.PALETTE, bytes(0, 1), white), "10");
    byte[] ramp = new byte[768];

    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i / 3);
    }

    Chunk even = new Chunk("PLTE", ramp);
    assertInside(MadeFiles.png(3, 1, 8, MadeFiles.PALETTE, bytes(0, 255, 90), even), "010");
  }

  @Test
  void whereSomeIsTransparentTheOpaqueIsTheObject() throws Exception {
    byte[] colour = bytes(9, 9, 9, 0, 9, 9, 9, 255, 9, 9, 9, 127, 9, 9, 9, 128);
    assertInside(MadeFiles.png(4, 1, 8, MadeFiles.RGB_ALPHA, colour), "0101");
    byte[] grey = bytes(255, 0, 255, 255);
    assertInside(MadeFiles.png(2, 1, 8, MadeFiles.GREY_ALPHA, grey), "01");
    Chunk first = new Chunk("tRNS", bytes(0));
    byte[] labels = bytes(0, 8, 255);
    assertInside(MadeFiles.png(3, 1, 8, MadeFiles.PALETTE, labels, voc(), first), "010");
  }

  @Test
  void brightColoursOnBlackAreTheObject() throws Exception {
    byte[] colours = bytes(0, 0, 0, 255, 10, 10, 0, 130, 0);
    assertInside(MadeFiles.png(3, 1, 8, MadeFiles.RGB, colours), "011");
  }

  @Test
  void deepMasks() throws Exception {
    byte[] levels = bytes(0, 0, 127, 255, 128, 0, 255, 255);
    assertInside(MadeFiles.png(4, 1, 16, MadeFiles.GREY, levels), "0011");
    assertInside(MadeFiles.png(4, 1, 2, MadeFiles.GREY, bytes(0b00011011)), "0011");
  }

  @ParameterizedTest
  @CsvSource({
    "'0 0', mask.empty, grey levels 0 of 0 to 255",
    "'1 1', mask.full, grey levels 1 of 0 to 255",
    "'255 255', mask.full, grey levels 255",
    "'1 2 3', mask.empty, 'grey levels 1, 2, 3'",
    "'0 8 255', mask.ambiguous, 'grey levels 0, 8, 255'",
    "'0 3 17 140', mask.ambiguous, labels of classes"
  })
  void whatCannotBeAMaskIsRefused(String levels, String code, String reason) {
    int[] values = java.util.Arrays.stream(levels.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThatThrownBy(
            () ->
                MaskDecoder.decode(
                    grey(values), ImageLimits.DEFAULT, Orientation.UPRIGHT, MaskRule.AUTO))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(reason)
        .hasMessageContaining("input.mask-labels");
  }

  @Test
  void coloursOfWhichSomeAreDarkAreRefused() {
    byte[] city = bytes(0, 0, 0, 70, 70, 71, 220, 20, 60);
    assertThatThrownBy(() -> inside(MadeFiles.png(3, 1, 8, MadeFiles.RGB, city), MaskRule.AUTO))
        .hasMessageContaining("#464647")
        .hasMessageContaining("input.mask-threshold");
    Chunk palette = new Chunk("PLTE", bytes(200, 0, 0, 0, 0, 0));
    byte[] either = MadeFiles.png(2, 1, 8, MadeFiles.PALETTE, bytes(0, 1), palette);
    assertThatThrownBy(() -> inside(either, MaskRule.AUTO)).hasMessageContaining("background");
  }

  /** Steps of 16 and of 85 are soft edges; so is what has levels near white. */
  @ParameterizedTest
  @ValueSource(ints = {16, 85})
  void softEdgesAreNoLabels(int step) throws Exception {
    int[] levels = new int[256 / step + 1];
    StringBuilder expected = new StringBuilder();

    for (int i = 0; i < levels.length; i++) {
      levels[i] = Math.min(255, i * step);
      expected.append(levels[i] > 127 ? 1 : 0);
    }

    assertInside(grey(levels), expected.toString());
    assertInside(grey(0, 2, 250, 255), "0011");
  }

  @Test
  void labelsAreChosen() throws Exception {
    MaskRule cat = new MaskRule.Labels(List.of(8));
    byte[] labels = bytes(0, 8, 16, 255);
    assertThat(inside(grey(0, 8, 16, 255), cat)).isEqualTo("0100");
    assertThat(inside(MadeFiles.png(4, 1, 8, MadeFiles.PALETTE, labels, voc()), cat))
        .isEqualTo("0100");
    byte[] colours = bytes(0, 0, 0, 64, 0, 0, 0, 64, 0, 224, 224, 192);
    assertThat(inside(MadeFiles.png(4, 1, 8, MadeFiles.RGB, colours), cat)).isEqualTo("0100");
    byte[] deep = bytes(0, 0, 3, 232);
    MaskRule instance = new MaskRule.Labels(List.of(7, 1000));
    assertThat(inside(MadeFiles.png(2, 1, 16, MadeFiles.GREY, deep), instance)).isEqualTo("01");
    assertThatThrownBy(() -> inside(grey(0, 1), cat)).hasMessageContaining("no pixel");
  }

  @Test
  void aThresholdIsChosen() throws Exception {
    MaskRule third = new MaskRule.Above(1 / 3.0);
    assertThat(inside(grey(0, 85, 86, 1), third)).isEqualTo("0010");
    byte[] city = bytes(0, 0, 0, 70, 70, 71, 220, 20, 60);
    assertThat(inside(MadeFiles.png(3, 1, 8, MadeFiles.RGB, city), new MaskRule.Above(0.1)))
        .isEqualTo("011");
    byte[] alpha = bytes(255, 20, 0, 200, 0, 90);
    assertThat(inside(MadeFiles.png(3, 1, 8, MadeFiles.GREY_ALPHA, alpha), third)).isEqualTo("011");
  }

  /** Label 8 of VOC is a cat. */
  @ParameterizedTest
  @CsvSource({"0, 000000", "1, 800000", "8, 400000", "16, 004000", "20, 004080", "255, e0e0c0"})
  void coloursOfVoc(int label, String colour) {
    assertThat(VocPalette.colour(label)).isEqualTo(Integer.parseInt(colour, 16));
  }

  private static byte[] grey(int... levels) {
    return MadeFiles.png(levels.length, 1, 8, MadeFiles.GREY, bytes(levels));
  }

  private static Chunk voc() {
    byte[] palette = new byte[768];

    for (int label = 0; label < 256; label++) {
      palette[3 * label] = (byte) (VocPalette.colour(label) >> 16);
      palette[3 * label + 1] = (byte) (VocPalette.colour(label) >> 8);
      palette[3 * label + 2] = (byte) VocPalette.colour(label);
    }

    return new Chunk("PLTE", palette);
  }

  private static void assertInside(byte[] file, String expected) throws ImageException {
    assertThat(inside(file, MaskRule.AUTO)).isEqualTo(expected);
  }

  private static String inside(byte[] file, MaskRule rule) throws ImageException {
    Mask mask = MaskDecoder.decode(file, ImageLimits.DEFAULT, Orientation.STORED, rule);
    StringBuilder inside = new StringBuilder();

    for (boolean one : mask.inside()) {
      inside.append(one ? 1 : 0);
    }

    return inside.toString();
  }
}

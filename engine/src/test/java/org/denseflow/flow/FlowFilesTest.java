package org.denseflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.Arrays;
import org.denseflow.SharedData;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

class FlowFilesTest {

  @Test
  void floByHand() throws FlowFormatException {
    // "PIEH", width 1, height 1, u = 1.5, v = -2, little-endian
    byte[] bytes = {
      'P', 'I', 'E', 'H', 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, (byte) 0xc0
    };
    PixelFlow flow = FloFile.read(bytes);
    assertThat(flow.uv()).containsExactly(1.5f, -2f);
    assertThat(FloFile.write(flow)).isEqualTo(bytes);
  }

  @Test
  void floOfTheTssKitIsRewrittenByteForByte() throws Exception {
    byte[] bytes = Files.readAllBytes(SharedData.path("tss/FG3DCar/001_005/flow1.flo"));
    PixelFlow flow = FloFile.read(bytes);
    assertThat(bytes).hasSize(12 + 8 * flow.width() * flow.height());
    assertThat(FloFile.write(flow)).isEqualTo(bytes);
  }

  @Test
  void floRefusesWrongMagicSizeAndLength() {
    byte[] good = FloFile.write(new PixelFlow(2, 2, new float[8]));
    byte[] magic = good.clone();
    magic[0] = 'X';
    assertThatThrownBy(() -> FloFile.read(magic)).hasMessageContaining("magic");
    byte[] width = good.clone();
    width[7] = (byte) 0x80;
    assertThatThrownBy(() -> FloFile.read(width)).hasMessageContaining("invalid size");

    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> FloFile.read(cut)).isInstanceOf(FlowFormatException.class);
    }
  }

  @Test
  void kittiKeepsSixtyFourthsAndMarksWhatItCannotHold() throws FlowFormatException {
    float[] uv = {1.5f, -2.25f, 0.008f, 0, 600, 0, PixelFlow.UNKNOWN, PixelFlow.UNKNOWN};
    PixelFlow read = KittiFlow.read(KittiFlow.write(new PixelFlow(4, 1, uv)));
    assertThat(read.uv()[0]).isEqualTo(1.5f);
    assertThat(read.uv()[1]).isEqualTo(-2.25f);
    assertThat(read.uv()[2]).isEqualTo(1 / 64f);
    assertThat(read.known(2)).isFalse();
    assertThat(read.known(3)).isFalse();
    assertThatThrownBy(() -> KittiFlow.read(new byte[] {1, 2, 3}))
        .isInstanceOf(FlowFormatException.class);
  }

  /** Found by damaging files at random: 540 MB were allocated for it. */
  @Test
  void aSmallPngThatSaysItIsHugeIsRefused() {
    byte[] bytes = KittiFlow.write(new PixelFlow(4, 1, new float[8]));
    // Width and height follow the signature, the chunk's length and its name.
    bytes[18] = 0x20;
    bytes[22] = 0x20;
    assertThatThrownBy(() -> KittiFlow.read(bytes))
        .isInstanceOf(FlowFormatException.class)
        .hasMessageContaining("8196x8193 pixels are too many");
  }

  @Test
  void npyIsWhatNumpyWrites() throws FlowFormatException {
    PixelFlow flow = new PixelFlow(2, 1, new float[] {1, 2, 3, 4});
    byte[] bytes = NpyFlow.write(flow);
    assertThat(bytes).hasSize(128 + 16);
    String header = new String(bytes, 10, 118, java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(header)
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), }")
        .endsWith("\n");
    assertThat(NpyFlow.read(bytes)).isEqualTo(flow);
    assertThatThrownBy(() -> NpyFlow.read(Arrays.copyOf(bytes, 140)))
        .isInstanceOf(FlowFormatException.class);
  }

  @Test
  void decodingFollowsTheFormula() {
    // Two columns; displacement 0 at x = 0.25 and 0.2 at x = 0.75, linear in between.
    FlowField flow =
        new FlowField(
            2, 1, new float[] {0, 0, 0.2f, 0}, new float[] {1, 1}, new boolean[] {true, true});
    // Source pixel 4 of 10: x = 0.45, d = 0.2 * 0.4 = 0.08, q = 0.53 * 20 - 0.5 = 10.1.
    assertThat(FlowSampler.toTarget(flow, 4, 0, new Size(10, 1), new Size(20, 1))[0])
        .isCloseTo(10.1, within(1e-6));
    // Beyond the outermost centre: x = 0.95, d = 0.2, q = 1.15 * 20 - 0.5 = 22.5.
    assertThat(FlowSampler.toTarget(flow, 9, 0, new Size(10, 1), new Size(20, 1))[0])
        .isCloseTo(22.5, within(1e-6));
  }

  @Test
  void pixelFlowAndFieldAreTheSameFlow() {
    float[] uv = {1, 2, -1.5f, 0.25f, PixelFlow.UNKNOWN, PixelFlow.UNKNOWN, 0, 3, 1, 1, 2, 2};
    PixelFlow flow = new PixelFlow(3, 2, uv);
    PixelFlow back = PixelFlow.of(flow.toField(new Size(7, 5)), new Size(3, 2), new Size(7, 5));

    for (int i = 0; i < 6; i++) {
      assertThat(back.known(i)).isEqualTo(flow.known(i));

      if (flow.known(i)) {
        assertThat(back.uv()[2 * i]).isCloseTo(uv[2 * i], within(1e-5f));
        assertThat(back.uv()[2 * i + 1]).isCloseTo(uv[2 * i + 1], within(1e-5f));
      }
    }
  }

  @Test
  void warpShiftsAndGreysWhatLeaves() {
    byte[] pixels = new byte[3 * 4];

    for (int i = 0; i < 12; i++) {
      pixels[i] = (byte) (10 * (i / 3));
    }

    PixelFlow right = new PixelFlow(4, 1, new float[] {1, 0, 1, 0, 1, 0, 1, 0});
    RgbImage warped =
        Warp.backward(new RgbImage(4, 1, pixels), right.toField(new Size(4, 1)), new Size(4, 1));
    assertThat(new int[] {warped.at(0, 0, 0), warped.at(1, 0, 0), warped.at(2, 0, 0)})
        .containsExactly(10, 20, 30);
    assertThat(warped.at(3, 0, 0)).isEqualTo(128);
  }

  @Test
  void colourWheelByHand() {
    float[] uv = {0, 0, 1, 0, PixelFlow.UNKNOWN, PixelFlow.UNKNOWN};
    RgbImage picture = FlowColors.render(new PixelFlow(3, 1, uv), 1);
    assertThat(picture.at(0, 0, 0)).isEqualTo(255);
    assertThat(picture.at(0, 0, 1)).isEqualTo(255);
    // To the right is the wheel's first hue, pure red, at full saturation.
    assertThat(picture.at(1, 0, 0)).isGreaterThanOrEqualTo(254);
    assertThat(picture.at(1, 0, 1)).isLessThanOrEqualTo(10);
    assertThat(picture.at(2, 0, 0)).isZero();
  }
}

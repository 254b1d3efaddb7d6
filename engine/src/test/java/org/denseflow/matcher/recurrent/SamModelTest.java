package org.denseflow.matcher.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.matcher.StyledFeatures;
import org.denseflow.style.StyleShape;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** SAM-Net from a model file, against RTNs with the same matching network. */
class SamModelTest {
  private static final int WIDTH = 4;
  private static final int HEIGHT = 3;
  private static final int PASSES = 3;
  private static final SamShape SHAPE =
      new SamShape(
          new RtnShape(5, 3, 1, List.of(2, 1), 0, 3, List.of(2, 3, 2)), StyleShape.RELU3_1, 1, 4);

  @TempDir private Path folder;

  private final Random random = new Random(8);
  private final Map<String, Tensor> tensors = tensors();
  private final List<float[]> features = List.of(values(), values());
  private final List<RgbImage> images = List.of(image(), image());

  @Test
  void withoutStyleFeaturesItMatchesAsRtns() throws IOException {
    tensors.put(
        SamNetwork.STYLE, new Tensor(new int[] {StyleShape.RELU3_1.channels(), 3}, new float[768]));
    RtnModel rtn =
        RtnModel.read(file("rtn"), new BackboneIdentity("hog", List.of("hog"), "none"), PASSES);
    RecurrentModel.Result expected = match(rtn);

    for (double strength : new double[] {0, 1}) {
      RecurrentModel.Result result = match(model(strength, Optional.empty()));
      assertThat(result.cosine()).containsExactly(expected.cosine(), Offset.offset(1e-4f));

      for (int pass = 0; pass < PASSES; pass++) {
        assertThat(result.fields().get(pass))
            .containsExactly(expected.fields().get(pass), Offset.offset(1e-4f));
      }
    }
  }

  @Test
  void theStylisedImageIsSeenFromTheSecondPassOn() throws IOException {
    RecurrentModel.Result plain = match(model(0, Optional.empty()));
    RecurrentModel.Result mixed = match(model(1, Optional.empty()));
    assertThat(difference(mixed, plain, 0)).isLessThan(1e-5);
    assertThat(difference(mixed, plain, 1)).isGreaterThan(1e-3);
    assertThat(plain.images()).isEmpty();
    assertThat(mixed.images()).hasSize(PASSES);
    assertThat(mixed.images().get(0).width()).isEqualTo(WIDTH * StyleShape.RELU3_1.stride());
    assertThat(mixed.images().get(0).height()).isEqualTo(HEIGHT * StyleShape.RELU3_1.stride());
  }

  /** Both fields and stylised images, the second of which depend on the first. */
  @Test
  void stylisedPassesAreThoseOfTheNaiveNetwork() throws IOException {
    greyImages();
    RecurrentModel.Result result = match(model(1, Optional.empty()));
    NaiveSam.Passes expected =
        new NaiveSam(tensors, SHAPE.temperature())
            .passes(map(0), images.get(0), map(1), images.get(1), new int[] {2, 1, 1});

    for (int pass = 0; pass < PASSES; pass++) {
      double[][] fields = expected.fields().get(pass);
      float[] found = result.fields().get(pass);

      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i]).isCloseTo(fields[i / 6][i % 6], within(2e-3));
      }

      RgbImage stylised = result.images().get(pass);
      int between = 0;

      for (int i = 0; i < stylised.width() * stylised.height() * 3; i++) {
        int x = i / 3 % stylised.width();
        int y = i / 3 / stylised.width();
        double level = 255 * expected.images().get(pass)[y][x][i % 3];
        between += level > 0 && level < 255 ? 1 : 0;
        assertThat((double) stylised.at(x, y, i % 3))
            .isCloseTo(Math.max(0, Math.min(255, level)), within(1.0));
      }

      assertThat(between).as("levels that are neither black nor white").isGreaterThan(100);
    }
  }

  /** Makes the decoder's last layer one whose images are between black and white. */
  private void greyImages() {
    Tensor weight = tensors.get("decoder.conv1_1.weight");
    float[] small = weight.values().clone();

    for (int i = 0; i < small.length; i++) {
      small[i] *= 0.1f;
    }

    tensors.put("decoder.conv1_1.weight", new Tensor(weight.shape(), small));
    tensors.put("decoder.conv1_1.bias", new Tensor(new int[] {3}, new float[] {0.4f, 0.5f, 0.6f}));
  }

  private double[][][] map(int image) {
    double[][][] map = new double[HEIGHT][WIDTH][5];

    for (int i = 0; i < features.get(image).length; i++) {
      map[i / 5 / WIDTH][i / 5 % WIDTH][i % 5] = features.get(image)[i];
    }

    return map;
  }

  @Test
  void imagesAreAsLargeAsAskedFor() throws IOException {
    RgbImage stylised = match(model(1, Optional.of(3))).images().get(0);
    assertThat(stylised.width()).isEqualTo(3 * WIDTH * StyleShape.RELU3_1.stride());
    assertThat(stylised.height()).isEqualTo(3 * HEIGHT * StyleShape.RELU3_1.stride());
  }

  @Test
  void pairsDoNotDependOnThoseBesideThem() throws IOException {
    SamModel model = model(1, Optional.empty());
    StyledFeatures source = described(model, 0);
    List<StyledFeatures> targets = List.of(described(model, 1), described(model, 0));
    List<RecurrentModel.Result> together = model.match(source, targets);

    for (int i = 0; i < targets.size(); i++) {
      RecurrentModel.Result alone = model.match(source, List.of(targets.get(i))).get(0);
      assertThat(difference(together.get(i), alone, PASSES - 1)).isLessThan(1e-4);
      assertThat(together.get(i).images()).hasSize(PASSES);
    }

    assertThat(difference(together.get(0), together.get(1), 0)).isGreaterThan(1e-3);
  }

  /** The largest of two results' fields after a pass. */
  private static double difference(RecurrentModel.Result a, RecurrentModel.Result b, int pass) {
    double largest = 0;

    for (int i = 0; i < a.fields().get(pass).length; i++) {
      largest = Math.max(largest, Math.abs(a.fields().get(pass)[i] - b.fields().get(pass)[i]));
    }

    return largest;
  }

  private <F extends ImageFeatures> RecurrentModel.Result match(RecurrentModel<F> model) {
    return model.match(described(model, 0), List.of(described(model, 1))).get(0);
  }

  private <F extends ImageFeatures> F described(RecurrentModel<F> model, int image) {
    FeatureMap map =
        new FeatureMap(
            "hog",
            new Size(WIDTH, HEIGHT),
            5,
            Nd4j.createFromArray(features.get(image)).reshape('c', WIDTH * HEIGHT, 5).dup('c'));
    return model.describe(
        new CellFeatures(new Size(WIDTH, HEIGHT), List.of(map)), images.get(image));
  }

  private SamModel model(double strength, Optional<Integer> scale) throws IOException {
    return SamModel.read(
        file("samnet"),
        new BackboneIdentity("hog", List.of("hog"), "none"),
        PASSES,
        strength,
        scale);
  }

  private Path file(String system) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(SHAPE.metadata());
    metadata.put("denseflow.system", system);
    metadata.put("denseflow.backbone", "hog");
    metadata.put("denseflow.taps", "hog");
    metadata.put("denseflow.backbone-weights", "none");
    Path file = folder.resolve(random.nextInt() + ".safetensors");
    SafetensorsFile.write(file, tensors, metadata);
    return file;
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> all = NaiveLayers.random(SHAPE.tensors(), random);
    StyleShape.RELU3_1
        .tensors()
        .forEach(
            (name, shape) -> {
              int fan = shape.length == 1 ? 1 : shape[1] * shape[2] * shape[3];
              float[] values = new float[shape[0] * fan];

              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (Math.sqrt(2.0 / fan) * random.nextGaussian());
              }

              all.put(name, new Tensor(shape, values));
            });
    return all;
  }

  private float[] values() {
    float[] values = new float[WIDTH * HEIGHT * 5];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }

    return values;
  }

  private RgbImage image() {
    byte[] pixels = new byte[3 * 16 * 12];
    random.nextBytes(pixels);
    return new RgbImage(16, 12, pixels);
  }
}

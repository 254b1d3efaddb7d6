package org.denseflow.backbone.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.InputOptions;
import org.denseflow.backbone.InputOptions.Values;
import org.denseflow.backbone.Preprocessing.Channels;
import org.denseflow.backbone.Tap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.flow.FlowField;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.nn.NearestNeighbour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.linalg.factory.Nd4j;

/** Networks that DL4J saved, against what DL4J itself computes. */
class Dl4jBackboneTest {
  private static final List<String> TAPS = List.of("relu", "bn1", "pool1");

  @TempDir private Path folder;

  private final ComputationGraph graph = Zoo.graph(CNN2DFormat.NCHW, DataType.FLOAT);

  private Path saved(DataNormalization normalizer) throws IOException {
    return Zoo.save(folder.resolve("tiny.zip"), graph, normalizer);
  }

  private static FloatImage image(int width, int height) {
    Random random = new Random(7);
    float[] values = new float[3 * width * height];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256);
    }

    return new FloatImage(width, height, values);
  }

  /** As DL4J's image loaders make arrays: {@code [1, 3, height, width]}, blue first. */
  private static INDArray loaded(FloatImage image) {
    return loaded(image, Channels.BGR);
  }

  private static INDArray loaded(FloatImage image, Channels channels) {
    INDArray array = Nd4j.create(1, 3, image.height(), image.width());

    for (int i = 0; i < image.values().length; i++) {
      int pixel = i / 3;
      int channel = channels == Channels.BGR ? 2 - i % 3 : i % 3;
      array.putScalar(0, channel, pixel / image.width(), pixel % image.width(), image.values()[i]);
    }

    return array;
  }

  private static void assertSame(FeatureMap map, INDArray expected, CNN2DFormat format) {
    INDArray cells = format == CNN2DFormat.NHWC ? expected : expected.permute(0, 2, 3, 1);
    assertThat(new long[] {1, map.height(), map.width(), map.channels()}).isEqualTo(cells.shape());
    assertThat(map.values().dup('c').data().asFloat())
        .containsExactly(cells.dup('c').data().asFloat(), within(1e-5f));
  }

  @Test
  void tapsAreTheActivationsOfFeedForward() throws IOException {
    FloatImage image = image(Zoo.SIDE, Zoo.SIDE);
    Map<String, INDArray> expected = graph.feedForward(loaded(image).divi(255), false);

    try (Backbone backbone = Backbones.create(BackboneSpec.ofFile(saved(null), TAPS))) {
      assertThat(backbone.name()).isEqualTo("tiny.zip");
      assertThat(backbone.weightDigest()).startsWith("sha256:");
      List<FeatureMap> maps = backbone.extract(List.of(image)).get(0);

      for (FeatureMap map : maps) {
        assertSame(map, expected.get(map.tap()), CNN2DFormat.NCHW);
      }

      assertThat(maps).extracting(FeatureMap::tap).isEqualTo(TAPS);
    }
  }

  @ParameterizedTest
  @CsvSource({"NHWC, FLOAT", "NCHW, DOUBLE"})
  void otherLayoutsAndTypes(CNN2DFormat format, DataType type) throws IOException {
    ComputationGraph other = Zoo.graph(format, type);
    Path file = Zoo.save(folder.resolve("other.zip"), other, null);
    FloatImage image = image(Zoo.SIDE, Zoo.SIDE);
    INDArray input = loaded(image).divi(255).castTo(type);
    INDArray ordered = format == CNN2DFormat.NHWC ? input.permute(0, 2, 3, 1).dup('c') : input;
    INDArray expected = other.feedForward(ordered, false).get("relu").castTo(DataType.FLOAT);

    try (Backbone backbone = Backbones.create(BackboneSpec.ofFile(file, List.of("relu")))) {
      assertSame(backbone.extract(List.of(image)).get(0).get(0), expected, format);
    }
  }

  /** The head is for images of one size, the taps before it are not. */
  @Test
  void imagesNeedNotHaveTheSizeOfTheHead() throws IOException {
    BackboneSpec spec = BackboneSpec.ofFile(saved(null), List.of());

    try (Backbone backbone = Backbones.create(spec)) {
      FeatureMap map = backbone.extract(List.of(image(96, 80))).get(0).get(0);
      assertThat(map.tap()).isEqualTo("conv3");
      assertThat(List.of(map.width(), map.height())).containsExactly(12, 10);
    }
  }

  @Test
  void tapsAndStridesAreKnown() throws IOException {
    assertThat(Backbones.info(BackboneSpec.ofFile(saved(null), List.of())).taps())
        .containsExactlyInAnyOrder(
            new Tap("conv1", 2),
            new Tap("bn1", 2),
            new Tap("pool1", 4),
            new Tap("conv2", 4),
            new Tap("add", 4),
            new Tap("relu", 4),
            new Tap("conv3", 8));
  }

  @Test
  void anImageIsTheSameAloneAndAmongOthers() throws IOException {
    try (Backbone backbone = Backbones.create(BackboneSpec.ofFile(saved(null), TAPS))) {
      FloatImage image = image(64, 48);
      FloatImage other = new FloatImage(64, 48, new float[3 * 64 * 48]);
      FeatureMap alone = backbone.extract(List.of(image)).get(0).get(0);
      FeatureMap among = backbone.extract(List.of(other, image, other)).get(1).get(0);
      assertThat(among.values()).isEqualTo(alone.values());
    }
  }

  @Test
  void theNormaliserInTheFileIsUsed() throws IOException {
    FloatImage image = image(Zoo.SIDE, Zoo.SIDE);
    DataSet images = new DataSet(loaded(image), Nd4j.zeros(1, 4));
    DataNormalization standardize = new NormalizerStandardize();
    DataNormalization minMax = new NormalizerMinMaxScaler(-1, 2);
    standardize.fit(images);
    minMax.fit(images);

    for (DataNormalization normalizer :
        List.of(new ImagePreProcessingScaler(-1, 1), standardize, minMax)) {
      INDArray input = loaded(image);
      normalizer.transform(input);
      INDArray expected = graph.feedForward(input, false).get("conv1");

      try (Backbone backbone =
          Backbones.create(BackboneSpec.ofFile(saved(normalizer), List.of("conv1")))) {
        INDArray found = backbone.extract(List.of(image)).get(0).get(0).values();
        double most = expected.amaxNumber().doubleValue();
        INDArray rows = expected.permute(0, 2, 3, 1).dup('c').reshape('c', found.shape());
        assertThat(found.sub(rows).amaxNumber().doubleValue() / most).isLessThan(1e-5);
      }
    }
  }

  @Test
  void optionsSayWhatTheFileDoesNot() throws IOException {
    FloatImage image = image(Zoo.SIDE, Zoo.SIDE);
    INDArray input = loaded(image, Channels.RGB).divi(127.5).subi(1);
    INDArray expected = graph.feedForward(input, false).get("conv1");
    InputOptions options =
        new InputOptions(Optional.of(Values.SYMMETRIC), Optional.of(Channels.RGB));

    try (Backbone backbone =
        Backbones.create(
            new BackboneSpec(
                "tiny.zip",
                List.of("conv1"),
                Optional.of(saved(new ImagePreProcessingScaler(0, 5))),
                Optional.of(options)))) {
      assertSame(backbone.extract(List.of(image)).get(0).get(0), expected, CNN2DFormat.NCHW);
    }
  }

  /** DL4J cannot save the one of VGG with a network. */
  @Test
  void pixelsOfVggAreAnOption() throws IOException {
    FloatImage image = image(Zoo.SIDE, Zoo.SIDE);
    INDArray input = loaded(image);
    new VGG16ImagePreProcessor().transform(input);
    INDArray expected = graph.feedForward(input, false).get("conv1");
    InputOptions options = new InputOptions(Optional.of(Values.CENTRED), Optional.empty());

    try (Backbone backbone =
        Backbones.create(
            new BackboneSpec(
                "tiny.zip", List.of("conv1"), Optional.of(saved(null)), Optional.of(options)))) {
      INDArray found = backbone.extract(List.of(image)).get(0).get(0).values();
      INDArray rows = expected.permute(0, 2, 3, 1).dup('c').reshape('c', found.shape());
      assertThat(found.sub(rows).amaxNumber().doubleValue()).isLessThan(1e-3);
    }
  }

  /** An image against itself: every cell goes to its own place. */
  @Test
  void itMatches() throws IOException {
    Backbone backbone = Backbones.create(BackboneSpec.ofFile(saved(null), List.of("relu")));
    FloatImage noise = image(64, 64);
    byte[] pixels = new byte[noise.values().length];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) noise.values()[i];
    }

    RgbImage image = new RgbImage(64, 64, pixels);

    try (CorrelationMatcher matcher =
        new CorrelationMatcher(
            new WorkingSize(64, 64),
            new VolumeParameters(BlockCorrelation.Merge.PRODUCT, Optional.empty()),
            Decoding.CELLS,
            backbone,
            new NearestNeighbour(NearestNeighbour.Validity.ALL),
            backbone.weightDigest())) {
      FlowField flow = matcher.match(matcher.describe(image), matcher.describe(image)).flow();
      assertThat(flow.gridWidth()).isEqualTo(16);

      for (float displacement : flow.displacement()) {
        assertThat(displacement).isZero();
      }
    }
  }

  @Test
  void unknownVerticesAreNamedWithTheNearest() throws IOException {
    Path file = saved(null);
    assertThatThrownBy(() -> Backbones.create(BackboneSpec.ofFile(file, List.of("conv9"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tiny.zip has no conv9; it has conv1 (stride 2), ")
        .hasMessageContaining("such as conv1");
    assertThatThrownBy(() -> Backbones.validate(BackboneSpec.ofFile(file, List.of("fc"))))
        .hasMessageContaining("has no fc");
  }

  @Test
  void sizesThatALayerDoesNotTakeAreRefused() throws IOException {
    try (Backbone backbone =
        Backbones.create(
            BackboneSpec.ofFile(
                Zoo.save(folder.resolve("strict.zip"), Strict.graph(), null), List.of("pool")))) {
      assertThat(backbone.extract(List.of(image(64, 64))).get(0).get(0).width()).isEqualTo(32);
      assertThatThrownBy(() -> backbone.extract(List.of(image(65, 64))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot describe images of 65x64: vertex pool");
    }
  }
}

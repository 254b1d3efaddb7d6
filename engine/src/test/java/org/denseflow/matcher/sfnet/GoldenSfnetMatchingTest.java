package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.denseflow.matcher.sfnet.GoldenSfnet.array;
import static org.denseflow.matcher.sfnet.GoldenSfnet.difference;
import static org.denseflow.matcher.sfnet.GoldenSfnet.map;
import static org.denseflow.matcher.sfnet.GoldenSfnet.relativeError;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.SharedData;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.network.Networks;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.image.FloatImage;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.RgbColor;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.nn.KernelSoftArgmax;
import org.denseflow.matcher.nn.KernelSoftArgmaxParameters;
import org.denseflow.matcher.nn.SigmaUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code sfnet-released} step by step against what the authors' modules computed. */
class GoldenSfnetMatchingTest {
  private static final RgbColor MEAN = Preprocessing.IMAGENET.neutral();

  private static final List<String> TAPS = List.of("stage1", "head");
  private static final int GRID = 20;
  private static final KernelSoftArgmaxParameters READ_OUT =
      new KernelSoftArgmaxParameters(
          50, 5, SigmaUnit.CELL, KernelSoftArgmaxParameters.Argmax.KERNEL);
  private static final Map<String, List<String>> PAIRS =
      Map.of(
          "dogs", List.of("dog_00.jpg", "dog_59.jpg"),
          "cat-tiger", List.of("analogy_4_source.png", "analogy_4_target.png"));

  @ParameterizedTest
  @CsvSource({"dogs,plain", "dogs,released", "cat-tiger,plain", "cat-tiger,released"})
  void picturesBecomeTheSameInputs(String pair, String mode) throws Exception {
    for (int side = 0; side < 2; side++) {
      String golden = name(pair, mode, "input", side);
      INDArray input = Networks.input(List.of(size(mode).of(image(pair, side), MEAN)));
      assertThat(relativeError(golden, input, map(golden))).isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"dogs,plain", "dogs,released", "cat-tiger,plain", "cat-tiger,released"})
  void tapsAndAdaptedTapsAgree(String pair, String mode) throws Exception {
    for (int side = 0; side < 2; side++) {
      List<FloatImage> image = List.of(size(mode).of(image(pair, side), MEAN));

      try (Backbone backbone = backbone();
          Backbone adapted = new AdaptedBackbone(backbone(), model("best_checkpoint.pt"), 1)) {
        List<FeatureMap> taps = backbone.extract(image).get(0);
        List<FeatureMap> layers = adapted.extract(image).get(0);

        for (int level = 0; level < 2; level++) {
          String tap = name(pair, mode, "backbone" + (3 + level), side);
          String layer = name(pair, mode, "adapted" + (3 + level), side);
          assertThat(relativeError(tap, taps.get(level).values(), map(tap))).isLessThan(1e-5);
          assertThat(relativeError(layer, layers.get(level).values(), map(layer))).isLessThan(1e-5);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dogs,plain,S2T",
    "dogs,released,S2T",
    "dogs,released,T2S",
    "cat-tiger,plain,S2T",
    "cat-tiger,released,S2T",
    "cat-tiger,released,T2S"
  })
  void correlationsAndPositionsAgree(String pair, String mode, String direction) throws Exception {
    String prefix = "infer/%s.%s.".formatted(pair, mode);
    int query = direction.equals("S2T") ? 0 : 1;
    INDArray correlation = Nd4j.create(GRID * GRID, GRID * GRID);
    List<FlowField> flows = new ArrayList<>();

    try (CorrelationMatcher matcher = matcher(mode);
        BlockCorrelation product = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
        CellFeatures own = matcher.describe(image(pair, query));
        CellFeatures other = matcher.describe(image(pair, 1 - query))) {
      product.correlate(
          own.maps(), List.of(other.maps()), volume -> correlation.assign(normalised(volume)));
      product.correlate(
          own.maps(),
          List.of(other.maps()),
          volume -> flows.add(new KernelSoftArgmax(READ_OUT).read(volume).flow()));
    }

    String golden = prefix + "correlation." + direction;
    INDArray expected = map(golden).reshape(GRID * GRID, GRID * GRID);
    assertThat(relativeError(golden, correlation, expected)).isLessThan(1e-5);
    golden = prefix + "grid_" + direction;
    double error = difference(positions(flows.get(0)), array(golden)) * (GRID - 1) / 2;
    System.out.printf("golden  %-44s %.1e cells%n", golden, error);
    assertThat(error).isLessThan(1e-3);
  }

  private static INDArray normalised(CorrelationVolume volume) {
    volume.rectify();
    volume.normaliseRows();
    return Nd4j.createFromArray(volume.values()).reshape('c', volume.rows(), volume.columns());
  }

  /** Where cells match, -1 and 1 at the centres of the outermost cells, {@code [1, h, w, 2]}. */
  private static INDArray positions(FlowField flow) {
    float[] values = new float[2 * GRID * GRID];

    for (int i = 0; i < values.length; i++) {
      int own = i % 2 == 0 ? i / 2 % GRID : i / 2 / GRID;
      double cell = own + (double) flow.displacement()[i] * GRID;
      values[i] = (float) (2 * cell / (GRID - 1) - 1);
    }

    return Nd4j.createFromArray(values).reshape('c', 1, GRID, GRID, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dogs", "cat-tiger"})
  void keypointsAreDecodedToTheSamePlaces(String pair) throws Exception {
    INDArray keypoints = array("infer/" + pair + ".released.keypoints");
    double error = 0;

    try (CorrelationMatcher matcher = matcher("released");
        CellFeatures source = matcher.describe(image(pair, 0));
        CellFeatures target = matcher.describe(image(pair, 1))) {
      FlowField flow = matcher.match(target, source).flow();

      for (int k = 0; k < keypoints.size(0); k++) {
        double[] found =
            FlowSampler.toTarget(
                flow,
                keypoints.getDouble(k, 0),
                keypoints.getDouble(k, 1),
                target.size(),
                source.size());
        double dx = (found[0] - keypoints.getDouble(k, 2)) * 18 / source.size().width();
        double dy = (found[1] - keypoints.getDouble(k, 3)) * 18 / source.size().height();
        error = Math.max(error, Math.hypot(dx, dy));
      }
    }

    System.out.printf("golden  %-44s %.1e cells%n", pair + " keypoints", error);
    assertThat(error).isLessThan(1e-3);
  }

  @Test
  void theCheckpointIsReadInEachForm() {
    INDArray expected = Nd4j.zeros(1);

    for (String file :
        List.of("model.safetensors", "best_checkpoint.pt", "checkpoint.safetensors")) {
      float[] white = new float[3 * 160 * 160];
      java.util.Arrays.fill(white, 100);

      try (Backbone adapted = new AdaptedBackbone(backbone(), model(file), 1)) {
        INDArray features =
            adapted.extract(List.of(new FloatImage(160, 160, white))).get(0).get(0).values();
        assertThat(adapted.weightDigest().endsWith(AdaptedBackbone.UNNAMED))
            .isEqualTo(!file.startsWith("model"));

        if (file.startsWith("model")) {
          expected = features;
        } else {
          assertThat(relativeError(file, features, expected)).isLessThan(1e-6);
        }
      }
    }
  }

  private static String name(String pair, String mode, String what, int side) {
    return "infer/%s.%s.%s.%s".formatted(pair, mode, what, side == 0 ? "source" : "target");
  }

  private static WorkingSize size(String mode) {
    boolean isPadded = mode.equals("released");
    int side = isPadded ? 144 : 160;
    return new WorkingSize(
        side,
        side,
        Optional.of(isPadded ? 8 : 0),
        Optional.of(WorkingSize.Border.BLACK),
        Optional.of(WorkingSize.Ring.AFTER),
        Optional.of(WorkingSize.Resizing.EIGHT_BIT));
  }

  private static CorrelationMatcher matcher(String mode) {
    Backbone features = new AdaptedBackbone(backbone(), model("best_checkpoint.pt"), 1);
    return new CorrelationMatcher(
        size(mode),
        new VolumeParameters(BlockCorrelation.Merge.PRODUCT, Optional.of(Corners.ALIGNED)),
        Decoding.PIXELS,
        features,
        new KernelSoftArgmax(READ_OUT),
        features.weightDigest());
  }

  private static java.nio.file.Path model(String file) {
    return SharedData.path("golden-sfnet/" + file);
  }

  private static Backbone backbone() {
    return Backbones.create(new BackboneSpec("denseflow_s", TAPS, Optional.empty()));
  }

  private static RgbImage image(String pair, int side) throws IOException, ImageException {
    byte[] bytes = Files.readAllBytes(SharedData.path("demo-pairs/" + PAIRS.get(pair).get(side)));
    return ImageDecoder.decode(bytes, ImageLimits.DEFAULT).image();
  }
}

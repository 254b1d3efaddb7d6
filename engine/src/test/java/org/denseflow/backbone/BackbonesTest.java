package org.denseflow.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.denseflow.backbone.patches.PatchProvider;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.image.RgbColor;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.nn.NearestNeighbour;
import org.junit.jupiter.api.Test;

class BackbonesTest {
  private static BackboneSpec spec(String name) {
    return new BackboneSpec(name, List.of(), Optional.empty());
  }

  @Test
  void runtimesAreFoundByTheirService() {
    assertThat(Backbones.names())
        .isSorted()
        .contains("hog", "denseflow_s", "resnet101", PatchProvider.NAME);
    assertThat(Backbones.choices()).containsAll(Backbones.names()).contains("FILE.zip");
    assertThat(Backbones.isFile("s3://bucket/of/model.zip")).isTrue();
    assertThat(Backbones.isFile("vgg16")).isFalse();
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> Backbones.create(spec("resnet51")))
        .hasMessageContaining("Invalid backbone: resnet51, expected one of [denseflow_s, hog,")
        .hasMessageContaining("FILE.zip")
        .hasMessageEndingWith("did you mean resnet50?");
    assertThatThrownBy(() -> Backbones.create(spec("transformer")))
        .hasMessageNotContaining("did you mean");
  }

  /** Strides as the papers have them. */
  @Test
  void stridesAreKnownWithoutWeights() {
    assertThat(strides("vgg16")).containsEntry("relu4_3", 8).containsEntry("pool5", 32);
    assertThat(strides("resnet101")).containsEntry("conv4-23", 16).containsEntry("conv5-3", 32);
    assertThat(strides("denseflow_s")).containsEntry("stage1", 8).containsEntry("head", 16);
    assertThat(strides("squeezenet1_1")).containsEntry("fire9", 16).containsEntry("logits", 0);
    assertThat(strides("hog")).containsEntry("hog", 16);
  }

  private static Map<String, Integer> strides(String name) {
    return Backbones.info(spec(name)).taps().stream()
        .collect(Collectors.toMap(Tap::name, tap -> tap.stride().orElse(0)));
  }

  @Test
  void paddingHasTheColourThatBecomesZero() {
    // ImageNet's mean colour, 255 times (0.485, 0.456, 0.406)
    RgbColor mean = new RgbColor(123.675f, 116.28f, 103.53f);
    assertThat(Backbones.info(spec("vgg16")).paddingColor()).isEqualTo(mean);
    assertThat(Backbones.info(spec("hog")).paddingColor()).isEqualTo(mean);
    RgbColor caffe =
        new InputOptions(
                Optional.of(InputOptions.Values.CENTRED), Optional.of(Preprocessing.Channels.BGR))
            .or(Preprocessing.IMAGENET)
            .neutral();
    assertThat(caffe.red()).isCloseTo(123.68f, within(1e-4f));
    assertThat(caffe.blue()).isCloseTo(103.939f, within(1e-4f));
  }

  @Test
  void weightsAreAskedForWhereTheyAreNeeded() {
    assertThatThrownBy(() -> Backbones.validate(spec("vgg16")))
        .hasMessageContaining("pass --weights, or use denseflow_s or hog");
    assertThatThrownBy(
            () ->
                Backbones.create(
                    new BackboneSpec(
                        "hog",
                        List.of(),
                        Optional.empty(),
                        Optional.of(new InputOptions(Optional.empty(), Optional.empty())))))
        .hasMessageContaining("hog knows what it expects of pixels");
  }

  /** A runtime of one package, that nothing else names, matches images. */
  @Test
  void aRuntimeOfItsOwnPackageMatches() {
    Backbone patches = Backbones.create(spec(PatchProvider.NAME));

    try (CorrelationMatcher matcher =
        new CorrelationMatcher(
            new WorkingSize(70, 70),
            new VolumeParameters(BlockCorrelation.Merge.PRODUCT, Optional.empty()),
            Decoding.CELLS,
            patches,
            new NearestNeighbour(NearestNeighbour.Validity.ALL),
            patches.weightDigest())) {
      assertThat(matcher.batchSize()).isEqualTo(3);
      RgbImage image = new RgbImage(80, 60, new byte[3 * 80 * 60]);
      Match match = matcher.match(matcher.describe(image), matcher.describe(image));
      assertThat(match.flow().gridWidth()).isEqualTo(5);
    }
  }

  @Test
  void sizesThatPatchesDoNotFillAreRefused() {
    BackboneInfo patches = Backbones.info(spec(PatchProvider.NAME));
    assertThatThrownBy(() -> patches.requireSize(new WorkingSize(64, 64)))
        .hasMessageContaining("multiples of it, found 64x64; set image.width=70");
    patches.requireSize(new WorkingSize(70, 140));
    Backbones.info(spec("vgg16")).requireSize(new WorkingSize(64, 65));
  }

  @Test
  void aFileIsItsOwnName() {
    BackboneSpec file = BackboneSpec.ofFile(Path.of("/models/zoo.zip"), List.of("conv1"));
    assertThat(file.name()).isEqualTo("zoo.zip");
    assertThat(Backbones.taps(new BackboneSpec("zoo.zip", List.of("c"), Optional.empty())))
        .containsExactly("c");
    assertThatThrownBy(() -> Backbones.taps(spec("zoo.zip")))
        .hasMessageContaining("default tap of zoo.zip here; name it with --set backbone.taps");
  }
}

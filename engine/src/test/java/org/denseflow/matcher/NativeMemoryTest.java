package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.ExtendedBackbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.recurrent.RecurrentMatcher;
import org.denseflow.matcher.recurrent.RecurrentModel;
import org.denseflow.training.Examples;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What was made of earlier images is freed where a later one fails. */
class NativeMemoryTest {
  private static final WorkingSize SIZE = new WorkingSize(32, 32);
  private static final RgbImage IMAGE = new RgbImage(32, 32, new byte[3 * 32 * 32]);

  @Test
  void describing() {
    CountingBackbone backbone = new CountingBackbone(2);

    try (Describer describer = new Describer(SIZE, backbone)) {
      assertThatThrownBy(() -> describer.describe(List.of(IMAGE, IMAGE, IMAGE)))
          .hasMessage("the image after 2");
    }

    assertAllClosed(backbone.made);
  }

  @Test
  void describingForRecurrentNetworks() {
    CountingBackbone backbone = new CountingBackbone(9);
    List<INDArray> made = new ArrayList<>();

    try (RecurrentMatcher<CellFeatures> matcher =
        new RecurrentMatcher<>(SIZE, backbone, new FailingModel(made), false)) {
      assertThatThrownBy(() -> matcher.describe(List.of(IMAGE, IMAGE, IMAGE)))
          .hasMessage("the model's third image");
    }

    assertThat(made).hasSize(2);
    assertAllClosed(made);
    assertAllClosed(backbone.made);
  }

  @Test
  void layersThatFollowABackbone() {
    CountingBackbone base = new CountingBackbone(9);
    List<INDArray> made = new ArrayList<>();
    FloatImage image = new FloatImage(32, 32, new float[3 * 32 * 32]);

    try (FailingLayers layers = new FailingLayers(base, made)) {
      assertThatThrownBy(() -> layers.extract(List.of(image, image))).hasMessage("the third map");
    }

    assertThat(made).hasSize(2);
    assertAllClosed(made);
    assertThat(base.made).hasSize(4);
    assertAllClosed(base.made);
  }

  @Test
  void anExampleThatIsNotCompleted() {
    INDArray first = Nd4j.ones(2);
    assertThatThrownBy(
            () ->
                Examples.of(
                    example -> {
                      example.put("source", first);
                      throw new IllegalArgumentException("no mask");
                    }))
        .hasMessage("no mask");
    assertThat(first.wasClosed()).isTrue();
    Map<String, INDArray> whole = Examples.of(example -> example.put("source", Nd4j.ones(2)));
    assertThat(whole.get("source").wasClosed()).isFalse();
    Examples.free(whole);
    assertAllClosed(List.copyOf(whole.values()));
  }

  /** Joining taps of several grids frees all that is not given back. */
  @Test
  void examplesOfFrozenFeatures() {
    CountingBackbone backbone = new CountingBackbone(9);

    try (FrozenFeatures features = new FrozenFeatures(backbone, SIZE)) {
      List<FeatureMap> maps = features.maps(IMAGE);
      List<INDArray> values = maps.stream().map(FeatureMap::values).toList();
      features.joined(maps).close();
      assertAllClosed(values);
      assertThat(features.kind()).contains("counting").contains("32x32").contains("[fine, coarse]");
    }
  }

  private static void assertAllClosed(List<INDArray> arrays) {
    assertThat(arrays).isNotEmpty().allMatch(INDArray::wasClosed);
  }

  /** Gives two maps of each image, and fails after a number of images. */
  private static final class CountingBackbone implements Backbone {
    private final List<INDArray> made = new ArrayList<>();
    private final int most;
    private int images;

    private CountingBackbone(int most) {
      this.most = most;
    }

    @Override
    public BackboneInfo info() {
      return new BackboneInfo(
          "counting",
          List.of(new Tap("fine", 1), new Tap("coarse", 2)),
          "fine",
          BackboneInfo.Weights.NONE,
          Preprocessing.IMAGENET);
    }

    @Override
    public String weightDigest() {
      return "none";
    }

    @Override
    public List<String> taps() {
      return List.of("fine", "coarse");
    }

    @Override
    public List<List<FeatureMap>> extract(List<FloatImage> batch) {
      List<List<FeatureMap>> result = new ArrayList<>();

      for (int i = 0; i < batch.size(); i++) {
        if (images++ == most) {
          throw new IllegalStateException("the image after " + most);
        }

        result.add(List.of(map("fine", 4), map("coarse", 2)));
      }

      return result;
    }

    private FeatureMap map(String tap, int side) {
      INDArray values = Nd4j.ones((long) side * side, 3);
      made.add(values);
      return new FeatureMap(tap, new Size(side, side), 3, values);
    }

    @Override
    public void close() {}
  }

  /** Fails at the third image. */
  private record FailingModel(List<INDArray> made) implements RecurrentModel<CellFeatures> {

    @Override
    public Class<CellFeatures> features() {
      return CellFeatures.class;
    }

    @Override
    public Size grid(CellFeatures source) {
      return new Size(2, 2);
    }

    @Override
    public String digest() {
      return "none";
    }

    @Override
    public CellFeatures describe(CellFeatures features, RgbImage image) {
      if (made.size() == 2) {
        throw new IllegalStateException("the model's third image");
      }

      INDArray values = Nd4j.ones(4, 3);
      made.add(values);
      return new CellFeatures(
          new Size(32, 32), List.of(new FeatureMap("own", new Size(2, 2), 3, values)));
    }

    @Override
    public List<Result> match(CellFeatures source, List<CellFeatures> targets) {
      return List.of();
    }

    @Override
    public void close() {}
  }

  /** Fails at the third map. */
  private static final class FailingLayers extends ExtendedBackbone {
    private final List<INDArray> made;

    private FailingLayers(Backbone base, List<INDArray> made) {
      super(base);
      this.made = made;
    }

    @Override
    public String weightDigest() {
      return "none";
    }

    @Override
    protected FeatureMap follow(FeatureMap map) {
      if (made.size() == 2) {
        throw new IllegalStateException("the third map");
      }

      INDArray values = map.values().dup();
      made.add(values);
      map.close();
      return new FeatureMap(map.tap(), map.grid(), map.channels(), values);
    }
  }
}

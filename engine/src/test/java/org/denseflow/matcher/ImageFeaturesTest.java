package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImageFeaturesTest {
  private static final FloatImage GUIDE = new FloatImage(1, 1, new float[3]);

  @Test
  void narrowFeaturesStayReadableWhenTheyAreNarrowedAgain() {
    for (ImageFeatures wide : List.of(cells(1, 2), pyramid(), styled(), regions(1, 2))) {
      List<INDArray> before = wide.vectors();
      double value = before.get(0).getDouble(1, 0);

      try (ImageFeatures twice = wide.narrowed().narrowed()) {
        assertThat(before).allMatch(INDArray::wasClosed);
        assertThat(twice).hasSameClassAs(wide);
        assertThat(twice.vectors()).hasSameSizeAs(before);
        assertThat(twice.vectors()).allMatch(own -> own.dataType() == DataType.FLOAT16);
        assertThat(twice.vectors().get(0).getDouble(1, 0)).isEqualTo(value);
      }
    }
  }

  @Test
  void cellsAreMixedAndRegionsAreNot() {
    try (CellFeatures a = cells(1, 2);
        CellFeatures b = cells(5, 10);
        ImageFeatures mixed = a.mixed(b, 0.25)) {
      assertThat(mixed.vectors().get(0).toFloatVector()).containsExactly(2, 4);
    }

    try (RegionFeatures own = regions(1, 2)) {
      assertThatThrownBy(() -> own.mixed(own, 0.5)).hasMessageContaining("regions of its own");
      assertThatThrownBy(
              () ->
                  new RegionFeatures(
                      new Size(8, 8), List.of(), GUIDE, own.appearance(), Optional.empty()))
          .hasMessageContaining("[2, 1] for 0 regions");
    }
  }

  @Test
  void featuresOfAnotherKindAreRefused() {
    try (AnyMatcher matcher = new AnyMatcher(new CellMatcher());
        CellFeatures cells = cells(1, 2);
        RegionFeatures regions = regions(1, 2)) {
      assertThat(matcher.match(cells, List.of(cells, cells))).isEmpty();
      assertThatThrownBy(() -> matcher.match(cells, List.of(regions)))
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("RegionFeatures");
    }
  }

  private static CellFeatures cells(float... values) {
    return new CellFeatures(new Size(8, 8), List.of(map(values)));
  }

  private static PyramidFeatures pyramid() {
    return PyramidFeatures.of(new Size(8, 8), List.of(map(1, 2), map(3, 4), map(5, 6), map(7, 8)));
  }

  private static StyledFeatures styled() {
    return StyledFeatures.of(new Size(8, 8), List.of(map(1, 2), map(3, 4), map(5, 6)));
  }

  private static RegionFeatures regions(float... values) {
    RegionBox box = new RegionBox(0, 0, 1, 1);
    return new RegionFeatures(
        new Size(8, 8), List.of(box, box), GUIDE, rows(values), Optional.of(rows(values)));
  }

  private static FeatureMap map(float... values) {
    return new FeatureMap("tap", new Size(values.length, 1), 1, rows(values));
  }

  private static INDArray rows(float... values) {
    return Nd4j.create(values, new long[] {values.length, 1}, 'c');
  }

  /** Finds nothing. */
  private static final class CellMatcher implements DenseMatcher<CellFeatures> {

    @Override
    public Class<CellFeatures> features() {
      return CellFeatures.class;
    }

    @Override
    public String weightDigest() {
      return "none";
    }

    @Override
    public List<CellFeatures> describe(List<RgbImage> images) {
      return List.of();
    }

    @Override
    public List<Match> match(CellFeatures source, List<CellFeatures> targets) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}

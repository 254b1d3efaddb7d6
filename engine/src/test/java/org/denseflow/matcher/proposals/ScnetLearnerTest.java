package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.hog.HogBackbone;
import org.denseflow.graph.GraphMode;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.Keypoints;
import org.denseflow.training.TrainingPair;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ScnetLearnerTest {

  /** An image of 80x40 pixels and one of 40x80 with the same bytes are two images. */
  @Test
  void whatIsKeptOfAnImageIsNotTakenForAnotherShape() {
    byte[] pixels = new byte[3 * 40 * 80];
    new Random(3).nextBytes(pixels);
    TrainingPair wide = pair(new RgbImage(80, 40, pixels));
    TrainingPair high = pair(new RgbImage(40, 80, pixels));

    try (ScnetLearner fresh = learner();
        ScnetLearner used = learner()) {
      used.prepare(wide);
      Map<String, INDArray> expected = fresh.prepare(high);
      assertThat(used.prepare(high).get("source")).isEqualTo(expected.get("source"));
      assertThat(fresh.prepare(wide).get("source")).isNotEqualTo(expected.get("source"));
    }
  }

  /** The same image with the same keypoints: a region's own place is what it lies at. */
  @Test
  void anImageTeachesThatItsRegionsAreWhereTheyAre() {
    byte[] pixels = new byte[3 * 64 * 64];
    new Random(3).nextBytes(pixels);

    try (ScnetLearner learner = learner(Variant.AG)) {
      Map<String, INDArray> example =
          learner.prepare(
              pair(
                  new RgbImage(64, 64, pixels),
                  new Keypoints(new double[] {0, 63, 0, 63}, new double[] {0, 0, 63, 63})));
      INDArray label = example.get("label");
      INDArray bins = example.get("bins");
      assertThat(example.get("target")).isEqualTo(example.get("source"));

      for (int i = 0; i < label.size(1); i++) {
        assertThat(label.getDouble(0, i, i)).isEqualTo(1);
        assertThat(bins.getInt(0, i, i)).isEqualTo(bins.getInt(0, 0, 0));

        for (int j = 0; j < label.size(2); j++) {
          assertThat(label.getDouble(0, i, j)).isEqualTo(label.getDouble(0, j, i));
        }
      }

      assertThat(label.minNumber().doubleValue()).isEqualTo(-1);
    }
  }

  /** The geometry layer begins as the trained appearance layer; that one as itself. */
  @Test
  void theGeometryLayerStartsAsTheAppearanceLayer() {
    try (ScnetLearner learner = learner(Variant.AG_PLUS)) {
      assertThat(learner.startsAs("geometry.weight")).contains("appearance.weight");
      assertThat(learner.startsAs("geometry.bias")).contains("appearance.bias");
      assertThat(learner.startsAs("appearance.weight")).isEmpty();
      assertThat(learner.graph(GraphMode.TRAINING, DataType.FLOAT, 1).trained())
          .extracting(SDVariable::name)
          .containsExactlyInAnyOrder("geometry.weight", "geometry.bias");
    }
  }

  @Test
  void aPairWithoutKeypointsIsRefused() {
    RgbImage image = new RgbImage(64, 64, new byte[3 * 64 * 64]);
    TrainingPair bare =
        new TrainingPair(
            "b",
            image,
            image,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    try (ScnetLearner learner = learner()) {
      assertThatThrownBy(() -> learner.prepare(bare))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pair b: scnet needs keypoints");
    }
  }

  private static ScnetLearner learner() {
    return learner(Variant.A);
  }

  private static ScnetLearner learner(Variant variant) {
    return new ScnetLearner(
        ScnetGradient.parameters(variant, Layer.values()[0]),
        new HogBackbone(),
        new WorkingSize(64, 64));
  }

  private static TrainingPair pair(RgbImage image) {
    return pair(image, new Keypoints(new double[] {9, 20, 30}, new double[] {9, 30, 20}));
  }

  private static TrainingPair pair(RgbImage image, Keypoints points) {
    KeypointPair.Annotated annotated =
        new KeypointPair.Annotated(image.width(), image.height(), points, Optional.empty());
    return new TrainingPair(
        "a",
        image,
        image,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new KeypointPair(annotated, annotated)));
  }
}

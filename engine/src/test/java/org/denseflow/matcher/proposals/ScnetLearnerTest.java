package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.HogBackbone;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.Keypoints;
import org.denseflow.training.TrainingPair;
import org.junit.jupiter.api.Test;
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

  private static ScnetLearner learner() {
    return new ScnetLearner(
        ScnetGradient.parameters(Variant.A, Layer.values()[0]),
        new HogBackbone(),
        new WorkingSize(64, 64));
  }

  private static TrainingPair pair(RgbImage image) {
    Keypoints points = new Keypoints(new double[] {9, 20, 30}, new double[] {9, 30, 20});
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

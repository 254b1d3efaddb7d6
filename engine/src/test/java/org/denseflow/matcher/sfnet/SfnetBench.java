package org.denseflow.matcher.sfnet;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.synthesis.ColorMatrix;
import org.denseflow.synthesis.PairParameters.Model;
import org.denseflow.synthesis.PairParameters.Padding;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.Projective;
import org.denseflow.synthesis.ViewMap;
import org.denseflow.synthesis.WarpComposition;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainingPair;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingParameters.Updater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A training step on prepared examples, for measuring: 20x20 cells, 1024 channels, one 3x3 residual
 * unit, four pairs.
 */
public final class SfnetBench implements AutoCloseable {
  private static final int BATCH = 4;
  private static final int SIDE = 320;
  private static final int GRID = 20;
  private static final int CHANNELS = 1024;
  private static final int KERNEL = 3;

  private final Trainer trainer;
  private final List<Map<String, INDArray>> examples;

  /** Prepares a batch. */
  public SfnetBench() {
    SfnetParameters parameters =
        new SfnetParameters(
            List.of(new SfnetParameters.Adapter(KERNEL, 1, Optional.empty())),
            1,
            50,
            5,
            SfnetParameters.Argmax.KERNEL,
            3,
            16,
            0.5,
            0.1,
            TestConventions.PAPER);
    SfnetLearner learner =
        new SfnetLearner(parameters, new RandomFeatures(), new WorkingSize(SIDE, SIDE));
    Updater adam = new Updater(Updater.Name.ADAM, 1e-4, 1, List.of(), 0, 0.9, 0.9, 0.999, 1e-8, 0);
    this.trainer = new Trainer(learner, new TrainingParameters(1000, BATCH, adam, 0, 1e9), 1);
    this.examples = Collections.nCopies(BATCH, learner.prepare(pair()));
  }

  private static TrainingPair pair() {
    PairRecipe.View view =
        new PairRecipe.View(
            new ViewMap(Projective.IDENTITY, null, WarpComposition.AFFINE_AFTER_TPS),
            ColorMatrix.IDENTITY,
            1,
            1);
    PairRecipe recipe =
        new PairRecipe(
            SIDE, SIDE, SIDE, SIDE, Padding.ZEROS, Model.AFFINE, view, view, false, 1, Map.of());
    RgbImage image = new RgbImage(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
    boolean[] all = new boolean[SIDE * SIDE];
    java.util.Arrays.fill(all, true);
    Optional<Mask> mask = Optional.of(new Mask(SIDE, SIDE, all));
    return new TrainingPair(
        "bench", image, image, mask, mask, Optional.of(recipe), Optional.empty());
  }

  /** One step. */
  public void step() {
    trainer.step(examples, List.of());
  }

  /** Operations of the convolutions in a step: forward, and backward to input and weights. */
  public double convolutionFlops() {
    double forward = 2.0 * KERNEL * KERNEL * CHANNELS * CHANNELS * GRID * GRID * 2 * BATCH;
    return 3 * forward;
  }

  @Override
  public void close() {
    trainer.close();
  }

  /** Features as large as those of layer3 of a ResNet-50, without computing them. */
  private static final class RandomFeatures implements Backbone {

    @Override
    public BackboneInfo info() {
      return new BackboneInfo(
          "random",
          List.of(new Tap("random", 16)),
          "random",
          BackboneInfo.Weights.NONE,
          Preprocessing.IMAGENET);
    }

    @Override
    public String weightDigest() {
      return "none";
    }

    @Override
    public List<String> taps() {
      return List.of("random");
    }

    @Override
    public List<List<FeatureMap>> extract(List<FloatImage> images) {
      return Collections.nCopies(
          images.size(),
          List.of(
              new FeatureMap(
                  "random", new Size(GRID, GRID), CHANNELS, Nd4j.randn(GRID * GRID, CHANNELS))));
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}

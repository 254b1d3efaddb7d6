package org.denseflow.backbone.patches;

import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneProvider;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.nd4j.linalg.factory.Nd4j;

/** A runtime of a package of its own, for tests: patches of 14 pixels, each by its first pixel. */
public final class PatchProvider implements BackboneProvider {
  /** The backbone's name. */
  public static final String NAME = "patches14";

  private static final int SIDE = 14;
  private static final BackboneInfo INFO =
      new BackboneInfo(
          NAME,
          List.of(new Tap(NAME, SIDE)),
          NAME,
          BackboneInfo.Weights.NONE,
          Preprocessing.IMAGENET,
          SIDE,
          Preprocessing.IMAGENET.neutral(),
          3,
          BackboneInfo.Regions.POOLED);

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public BackboneInfo info(BackboneSpec spec) {
    return INFO;
  }

  @Override
  public String validate(BackboneSpec spec) {
    return Backbone.NO_WEIGHTS;
  }

  @Override
  public Backbone create(BackboneSpec spec) {
    return new Patches();
  }

  private static final class Patches implements Backbone {
    @Override
    public BackboneInfo info() {
      return INFO;
    }

    @Override
    public String weightDigest() {
      return NO_WEIGHTS;
    }

    @Override
    public List<String> taps() {
      return List.of(NAME);
    }

    @Override
    public List<List<FeatureMap>> extract(List<FloatImage> images) {
      return CloseableLists.of(images, Patches::describe).stream().map(List::of).toList();
    }

    private static FeatureMap describe(FloatImage image) {
      int width = image.width() / SIDE;
      int height = image.height() / SIDE;
      float[] values = new float[3 * width * height];

      for (int i = 0; i < values.length; i++) {
        int row = i / 3 / width * SIDE;
        int column = i / 3 % width * SIDE;
        values[i] = image.values()[3 * (row * image.width() + column) + i % 3];
      }

      return new FeatureMap(
          NAME,
          new Size(width, height),
          3,
          Nd4j.create(values, new long[] {height * width, 3}, 'c'));
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}

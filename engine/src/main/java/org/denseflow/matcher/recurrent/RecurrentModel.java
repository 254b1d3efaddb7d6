package org.denseflow.matcher.recurrent;

import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.graph.AffineReceptiveField;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;

/**
 * A trained network that matches in passes. Used by one thread at a time.
 *
 * @param <F> what it needs of an image
 */
public interface RecurrentModel<F extends ImageFeatures> extends AutoCloseable {

  /** The class of what it needs of an image. */
  Class<F> features();

  /** The digests of backbone and model. */
  String digest();

  /** What the model needs of an image, once for all its pairs; frees the backbone's features. */
  F describe(CellFeatures features, RgbImage image);

  /**
   * Matches an image with others of the same grid, side by side.
   *
   * @param source as {@link #describe} makes it
   * @param targets as {@link #describe} makes them
   */
  List<Result> match(F source, List<F> targets);

  /** The grid that an image's flow is on. */
  Size grid(F source);

  @Override
  void close();

  /**
   * The result of all passes for a pair.
   *
   * @param fields after each pass {@code [h·w, 6]}, as in {@link AffineReceptiveField}
   * @param cosine between each source cell's features and those at its match, {@code [h·w]}
   * @param images the stylised source after each pass; empty where nothing is stylised
   */
  record Result(List<float[]> fields, float[] cosine, List<RgbImage> images) {

    /** Where a source cell of a grid lies after a pass, (x, y) in target cells. */
    public double[] position(int pass, int cell, int width) {
      int at = AffineReceptiveField.PARAMETERS * cell;
      float[] own = fields.get(pass);
      return new double[] {cell % width + own[at + 2], cell / width + own[at + 5]};
    }
  }
}

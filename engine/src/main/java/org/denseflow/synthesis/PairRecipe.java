package org.denseflow.synthesis;

import java.util.Map;
import org.denseflow.synthesis.PairParameters.Padding;

/**
 * Everything that makes a pair out of its image: with it and the image the views can be made again,
 * bit for bit.
 *
 * @param viewWidth width of both views in pixels
 * @param viewHeight height of both views in pixels
 * @param workingWidth width that the image is shrunk to before it is sampled
 * @param workingHeight height that the image is shrunk to before it is sampled
 * @param padding what lies beyond the image's border
 * @param model the model drawn
 * @param source the source view
 * @param target the target view
 * @param flipped whether both views are mirrored; part of their maps
 * @param attempts draws it took
 * @param drawn the numbers drawn, by name
 */
public record PairRecipe(
    int viewWidth,
    int viewHeight,
    int workingWidth,
    int workingHeight,
    Padding padding,
    PairParameters.Model model,
    View source,
    View target,
    boolean flipped,
    int attempts,
    Map<String, Double> drawn) {

  /**
   * One view.
   *
   * @param map from the view into the image
   * @param color its colour change
   * @param valid estimated share of the view that the other view shows too
   * @param foreground estimated share of the view that is object and shown by the other too
   */
  public record View(ViewMap map, ColorMatrix color, double valid, double foreground) {}

  /** The same pair the other way round. */
  public PairRecipe reversed() {
    return new PairRecipe(
        viewWidth,
        viewHeight,
        workingWidth,
        workingHeight,
        padding,
        model,
        target,
        source,
        flipped,
        attempts,
        drawn);
  }
}

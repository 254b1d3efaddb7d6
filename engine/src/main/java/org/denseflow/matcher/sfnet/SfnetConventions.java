package org.denseflow.matcher.sfnet;

import org.denseflow.graph.FlowLosses.Smoothness;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.matcher.nn.SigmaUnit;

/**
 * The conventions of training that SFNet's paper leaves open and its released code decides.
 *
 * @param sigmaUnit of the Gaussian kernel's width
 * @param upsampling which points of the coarser tap's grid and of the finer coincide
 * @param warping which points of a warped map normalised positions of -1 and 1 mean: the centres of
 *     the outermost cells (aligned) or the outer edges; those of flows are the centres
 * @param smoothness what the smoothness term differentiates
 * @param masks how masks are brought to the grid
 * @param features in which precision the backbone's features are kept
 */
public record SfnetConventions(
    SigmaUnit sigmaUnit,
    Corners upsampling,
    Corners warping,
    Smoothness smoothness,
    MaskRule masks,
    FeaturePrecision features) {

  /** How the object's share of a cell is measured. */
  public enum MaskRule {
    /** The share of the cell's own area. */
    AREA,
    /** Pillow's bilinear resize in 8 bits: a triangle filter that reaches into the next cells. */
    TRIANGLE
  }

  /** How features are kept between steps. */
  public enum FeaturePrecision {
    /** In half precision, with half the memory and an error far below the features' noise. */
    HALF,
    /** As the backbone computes them. */
    SINGLE
  }
}

package org.denseflow.matcher.sfnet;

import org.denseflow.graph.FlowLosses.Smoothness;
import org.denseflow.graph.Upsampling.Corners;
import org.denseflow.matcher.nn.SigmaUnit;
import org.denseflow.matcher.sfnet.SfnetConventions.FeaturePrecision;
import org.denseflow.matcher.sfnet.SfnetConventions.MaskRule;

/** The conventions of the presets, for tests. */
public final class TestConventions {
  /** Of {@code sfnet}. */
  public static final SfnetConventions PAPER =
      new SfnetConventions(
          SigmaUnit.TWENTIETH,
          Corners.EDGES,
          Corners.ALIGNED,
          Smoothness.COMPONENTS,
          MaskRule.AREA,
          FeaturePrecision.HALF);

  private TestConventions() {}

  /** Of {@code sfnet-released}, with grid_sample as before PyTorch 1.3 (aligned) or since. */
  static SfnetConventions released(Corners warping) {
    return new SfnetConventions(
        SigmaUnit.CELL,
        Corners.ALIGNED,
        warping,
        Smoothness.SUM,
        MaskRule.TRIANGLE,
        FeaturePrecision.SINGLE);
  }
}

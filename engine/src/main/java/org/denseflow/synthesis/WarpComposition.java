package org.denseflow.synthesis;

/** How an affine map A and a spline displacement D are composed into one map of a view. */
public enum WarpComposition {
  /** A(v + D(v)): points go through the spline first, as in the released code of weakalign. */
  AFFINE_AFTER_TPS,
  /** A(v) + D(v): the two sampling grids are added, as in the released code of RTNs. */
  SUM
}

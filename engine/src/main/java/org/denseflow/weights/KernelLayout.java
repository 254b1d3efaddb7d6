package org.denseflow.weights;

/**
 * The order of a convolution kernel's axes: {@code [out, in, kH, kW]} in PyTorch's files and so in
 * ours, {@code [kH, kW, in, out]} where it is applied to channels-last maps.
 */
public final class KernelLayout {

  private KernelLayout() {}

  /** For the {@code permute} of a kernel as stored: the axes as it is applied. */
  public static int[] applied() {
    return new int[] {2, 3, 1, 0};
  }

  /** For the {@code permute} of a kernel as it is applied: the axes as stored. */
  public static int[] stored() {
    return new int[] {3, 2, 0, 1};
  }
}

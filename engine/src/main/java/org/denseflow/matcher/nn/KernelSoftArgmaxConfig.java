package org.denseflow.matcher.nn;

import java.util.Optional;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.ReadOutParameters;
import org.denseflow.matcher.VolumeParameters;

/** Parameters of {@code kernel-soft-argmax} and of SFNet. */
public record KernelSoftArgmaxConfig(
    VolumeParameters correlation,
    Optional<Decoding> decoding,
    KernelSoftArgmaxParameters kernelSoftArgmax)
    implements ReadOutParameters {

  /** The read-out. */
  public KernelSoftArgmax readOut() {
    return new KernelSoftArgmax(kernelSoftArgmax);
  }
}

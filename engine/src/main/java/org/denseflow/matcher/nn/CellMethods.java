package org.denseflow.matcher.nn;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodProvider;
import org.denseflow.matcher.PeakRefinement;
import org.denseflow.matcher.ReadOutMethod;
import org.denseflow.matcher.ReadOutParameters;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.nn.NearestNeighbour.Validity;

/** Provides the read-outs that look at each source cell by itself. */
@AutoService(MethodProvider.class)
public final class CellMethods implements MethodProvider {

  /**
   * Parameters of {@code nn} and {@code mutual-nn}.
   *
   * @param refinement places matches between cells; they are at cells' centres if absent
   */
  public record NearestNeighbourConfig(
      VolumeParameters correlation,
      Optional<Decoding> decoding,
      Optional<PeakRefinement> refinement)
      implements ReadOutParameters {}

  @Override
  public List<Method<?>> methods() {
    return List.of(
        nearest("nn", Validity.ALL),
        nearest("mutual-nn", Validity.MUTUAL),
        new ReadOutMethod<>(
            "kernel-soft-argmax",
            1,
            KernelSoftArgmaxConfig.class,
            config -> config.own().readOut()));
  }

  private static Method<?> nearest(String name, Validity validity) {
    return new ReadOutMethod<>(
        name,
        2,
        NearestNeighbourConfig.class,
        config -> new NearestNeighbour(validity, config.own().refinement()));
  }
}

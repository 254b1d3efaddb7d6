package org.denseflow.flow;

import java.util.Arrays;
import java.util.Objects;
import org.denseflow.geometry.Size;

/**
 * A dense flow in pixels, as files hold it: {@code uv} is {@code [height, width, 2]}, (u, v)
 * interleaved; source pixel (x, y) goes to (x + u, y + v). Both components are {@link #UNKNOWN}
 * where no statement is made.
 */
public record PixelFlow(int width, int height, float[] uv) {

  /** The value of an unknown component; anything of 1e9 or more in size reads as unknown. */
  public static final float UNKNOWN = 1e10f;

  private static final float UNKNOWN_THRESHOLD = 1e9f;

  /** Checks that the array has the size that width and height ask for. */
  public PixelFlow {
    Objects.requireNonNull(uv, "uv");

    if (width <= 0 || height <= 0 || uv.length != 2L * width * height) {
      throw new IllegalArgumentException(
          "Invalid pixel flow: %d values for %dx%d".formatted(uv.length, width, height));
    }
  }

  /** Width and height. */
  public Size size() {
    return new Size(width, height);
  }

  /** Whether the flow at pixel index {@code y · width + x} is known. */
  public boolean known(int index) {
    return Math.abs(uv[2 * index]) < UNKNOWN_THRESHOLD
        && Math.abs(uv[2 * index + 1]) < UNKNOWN_THRESHOLD;
  }

  /** Decodes a field to source-resolution pixels; cells that are not valid become unknown. */
  public static PixelFlow of(FlowField flow, Size source, Size target) {
    float[] uv = new float[2 * source.cells()];

    for (int y = 0; y < source.height(); y++) {
      for (int x = 0; x < source.width(); x++) {
        int i = 2 * (y * source.width() + x);

        if (FlowSampler.valid(flow, (x + 0.5) / source.width(), (y + 0.5) / source.height())) {
          double[] q = FlowSampler.toTarget(flow, x, y, source, target);
          uv[i] = (float) (q[0] - x);
          uv[i + 1] = (float) (q[1] - y);
        } else {
          uv[i] = UNKNOWN;
          uv[i + 1] = UNKNOWN;
        }
      }
    }

    return new PixelFlow(source.width(), source.height(), uv);
  }

  /** The same flow as a field with one cell per pixel; confidence 1 where known, 0 elsewhere. */
  public FlowField toField(Size target) {
    float[] displacement = new float[uv.length];
    float[] confidence = new float[width * height];
    boolean[] valid = new boolean[width * height];

    for (int i = 0; i < valid.length; i++) {
      if (known(i)) {
        int x = i % width;
        int y = i / width;
        displacement[2 * i] = (float) ((x + uv[2 * i] + 0.5) / target.width() - (x + 0.5) / width);
        displacement[2 * i + 1] =
            (float) ((y + uv[2 * i + 1] + 0.5) / target.height() - (y + 0.5) / height);
        valid[i] = true;
      }
    }

    for (int i = 0; i < valid.length; i++) {
      confidence[i] = valid[i] ? 1 : 0;
    }

    return new FlowField(width, height, displacement, confidence, valid);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelFlow flow
        && width == flow.width
        && height == flow.height
        && Arrays.equals(uv, flow.uv);
  }

  @Override
  public int hashCode() {
    return Objects.hash(width, height, Arrays.hashCode(uv));
  }
}

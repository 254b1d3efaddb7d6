package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.image.Mask;
import org.denseflow.metrics.Keypoints;

/** A PASCAL Parts annotation in a MATLAB 5 file. */
public final class MatAnnotation {

  private final String uri;
  private final Map<String, MatFile.Numbers> arrays;

  private MatAnnotation(String uri, Map<String, MatFile.Numbers> arrays) {
    this.uri = uri;
    this.arrays = arrays;
  }

  /**
   * Parses a file's content.
   *
   * @throws DatasetException if it is not a MATLAB 5 file, or unpacks to more than 256 MiB
   */
  public static MatAnnotation read(String uri, byte[] bytes) {
    try {
      return new MatAnnotation(uri, MatFile.read(bytes));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DatasetException(
          "Cannot read %s: not a MATLAB 5 file: %s".formatted(uri, e.getMessage()), e);
    }
  }

  /** The variable keypts, 2xN or Nx2; a point whose keypts_status is 0 is absent. */
  public Keypoints keypoints() {
    MatFile.Numbers points = numbers("keypts");
    MatFile.Numbers status = numbers("keypts_status");
    boolean columns = points.sizes()[0] == 2;
    int count = columns ? points.sizes()[1] : points.sizes()[0];

    if (points.count() != 2L * count || status.count() != count) {
      throw new DatasetException(
          "Cannot read %s: keypts has %d values and keypts_status %d, expected 2 and 1 per point"
              .formatted(uri, points.count(), status.count()));
    }
    double[] x = new double[count];
    double[] y = new double[count];
    Arrays.fill(x, Double.NaN);
    Arrays.fill(y, Double.NaN);

    for (int k = 0; k < count; k++) {
      if (status.at(k) != 0) {
        x[k] = points.at(columns ? 2 * k : k);
        y[k] = points.at(columns ? 2 * k + 1 : count + k);
      }
    }
    return new Keypoints(x, y);
  }

  /** The variable part_mask, height x width x parts; empty for a part of status 0. */
  public List<Optional<Mask>> parts() {
    MatFile.Numbers masks = numbers("part_mask");
    MatFile.Numbers status = numbers("part_mask_status");
    int[] size = masks.sizes();
    int parts = size.length > 2 ? size[2] : 1;

    if (size.length > 3 || size[0] < 1 || size[1] < 1 || status.count() != parts) {
      throw new DatasetException(
          "Cannot read %s: part_mask has the sizes %s, part_mask_status %d values, expected one per part"
              .formatted(uri, Arrays.toString(size), status.count()));
    }
    List<Optional<Mask>> all = new ArrayList<>();

    for (int part = 0; part < parts; part++) {
      all.add(
          status.at(part) == 0
              ? Optional.empty()
              : Optional.of(part(masks, size[0], size[1], part)));
    }
    return all;
  }

  /** MATLAB is column-major: index = row + height · (column + width · part). */
  private static Mask part(MatFile.Numbers masks, int height, int width, int part) {
    boolean[] inside = new boolean[height * width];

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        inside[y * width + x] = masks.at(y + height * (x + width * part)) != 0;
      }
    }
    return new Mask(width, height, inside);
  }

  private MatFile.Numbers numbers(String name) {
    MatFile.Numbers numbers = arrays.get(name);

    if (numbers == null) {
      throw new DatasetException("Cannot read %s: no matrix named %s in it".formatted(uri, name));
    }
    return numbers;
  }
}

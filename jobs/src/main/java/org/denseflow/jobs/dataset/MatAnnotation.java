package org.denseflow.jobs.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.denseflow.image.Mask;
import org.denseflow.metrics.Keypoints;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/** A PASCAL Parts annotation in a MATLAB 5 file. */
public final class MatAnnotation {

  private final String uri;
  private final Mat5File file;

  private MatAnnotation(String uri, Mat5File file) {
    this.uri = uri;
    this.file = file;
  }

  /**
   * Parses a file's content.
   *
   * @throws DatasetException if it is not a MATLAB 5 file
   */
  public static MatAnnotation read(String uri, byte[] bytes) {
    try {
      return new MatAnnotation(uri, Mat5.newReader(Sources.wrap(bytes)).readMat());
    } catch (IOException | RuntimeException e) {
      throw new DatasetException(
          "Cannot read %s: not a MATLAB 5 file: %s".formatted(uri, e.getMessage()), e);
    }
  }

  /** The variable keypts, 2xN or Nx2; a point whose keypts_status is 0 is absent. */
  public Keypoints keypoints() {
    Matrix points = matrix("keypts");
    Matrix status = matrix("keypts_status");
    boolean columns = points.getNumRows() == 2;
    int count = columns ? points.getNumCols() : points.getNumRows();

    if (points.getNumElements() != 2 * count || status.getNumElements() != count) {
      throw new DatasetException(
          "Cannot read %s: keypts has %d values and keypts_status %d, expected 2 and 1 per point"
              .formatted(uri, points.getNumElements(), status.getNumElements()));
    }
    double[] x = new double[count];
    double[] y = new double[count];
    Arrays.fill(x, Double.NaN);
    Arrays.fill(y, Double.NaN);

    for (int k = 0; k < count; k++) {
      if (status.getDouble(k) != 0) {
        x[k] = columns ? points.getDouble(0, k) : points.getDouble(k, 0);
        y[k] = columns ? points.getDouble(1, k) : points.getDouble(k, 1);
      }
    }
    return new Keypoints(x, y);
  }

  /** The variable part_mask, height x width x parts; empty for a part of status 0. */
  public List<Optional<Mask>> parts() {
    Matrix masks = matrix("part_mask");
    Matrix status = matrix("part_mask_status");
    int[] size = masks.getDimensions();
    int parts = size.length > 2 ? size[2] : 1;

    if (status.getNumElements() != parts) {
      throw new DatasetException(
          "Cannot read %s: part_mask has %d parts, part_mask_status %d"
              .formatted(uri, parts, status.getNumElements()));
    }
    List<Optional<Mask>> all = new ArrayList<>();

    for (int part = 0; part < parts; part++) {
      all.add(
          status.getDouble(part) == 0
              ? Optional.empty()
              : Optional.of(part(masks, size[0], size[1], part)));
    }
    return all;
  }

  /** MATLAB is column-major: index = row + height · (column + width · part). */
  private static Mask part(Matrix masks, int height, int width, int part) {
    boolean[] inside = new boolean[height * width];

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        inside[y * width + x] = masks.getDouble(y + height * (x + width * part)) != 0;
      }
    }
    return new Mask(width, height, inside);
  }

  private Matrix matrix(String name) {
    try {
      return file.getMatrix(name);
    } catch (RuntimeException e) {
      throw new DatasetException(
          "Cannot read %s: no matrix named %s in it".formatted(uri, name), e);
    }
  }
}

package org.denseflow.jobs.dataset;

import java.util.Arrays;
import java.util.Map;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * PF-PASCAL's annotation of one image, {@code Annotations/CLASS/IMAGE.mat}: {@code kps}, one row
 * {@code x y} for each point of the class, NaN where it cannot be seen, and {@code bbox}, {@code x1
 * y1 x2 y2}; 1-based original pixels.
 */
final class PfPascalMat {

  private PfPascalMat() {}

  static ImageAnnotation read(String uri, byte[] bytes) {
    try {
      Map<String, MatFile.Numbers> arrays = MatFile.read(bytes);
      return ImageAnnotation.NONE
          .withKeypoints(keypoints(numbers(arrays, "kps")))
          .withBox(box(numbers(arrays, "bbox")));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DatasetException(
          "Cannot read %s: not a PF-PASCAL annotation: %s".formatted(uri, e.getMessage()), e);
    }
  }

  private static MatFile.Numbers numbers(Map<String, MatFile.Numbers> arrays, String name) {
    MatFile.Numbers numbers = arrays.get(name);

    if (numbers == null) {
      throw new IllegalArgumentException("no matrix named %s in it".formatted(name));
    }
    return numbers;
  }

  /** MATLAB is column-major: all x come first. */
  private static Keypoints keypoints(MatFile.Numbers kps) {
    int[] sizes = kps.sizes();

    if (sizes.length != 2 || sizes[1] != 2) {
      throw new IllegalArgumentException(
          "kps has the sizes %s, expected N x 2".formatted(Arrays.toString(sizes)));
    }
    double[] x = new double[sizes[0]];
    double[] y = new double[sizes[0]];

    for (int k = 0; k < x.length; k++) {
      x[k] = kps.at(k);
      y[k] = kps.at(x.length + k);
    }
    return new Keypoints(x, y);
  }

  private static Box box(MatFile.Numbers bbox) {
    if (bbox.count() != 4) {
      throw new IllegalArgumentException(
          "bbox has %d values, expected x1 y1 x2 y2".formatted(bbox.count()));
    }
    return new Box(bbox.at(0), bbox.at(1), bbox.at(2), bbox.at(3));
  }
}

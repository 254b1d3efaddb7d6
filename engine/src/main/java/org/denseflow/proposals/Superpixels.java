package org.denseflow.proposals;

import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_ximgproc.GraphSegmentation;
import org.denseflow.image.OpenCv;
import org.denseflow.image.RgbImage;

/**
 * The graph-based segmentation of Felzenszwalb and Huttenlocher (IJCV 2004), by OpenCV:
 * neighbouring pixels are joined along ever stronger differences, as long as the difference between
 * two regions is not larger than what is inside either plus k over its size.
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param labels {@code [height, width]}: the superpixel of each pixel, 0..count-1
 * @param count superpixels
 */
record Superpixels(int width, int height, int[] labels, int count) {
  /** Of the Gaussian that smooths an image first, in pixels. */
  private static final double SIGMA = 0.8;

  /** Smaller superpixels are joined with their most similar neighbour; a share of the image. */
  private static final double SMALLEST = 1e-3;

  /**
   * Segments an image.
   *
   * @param k the larger, the larger the superpixels
   */
  static Superpixels of(RgbImage image, double k) {
    int[] labels = new int[image.width() * image.height()];

    try (Mat mat = OpenCv.mat(image);
        Mat found = new Mat();
        GraphSegmentation segmentation = segmentation(image, k)) {
      segmentation.processImage(mat, found);
      new IntPointer(found.data()).get(labels);
    }

    int count = Arrays.stream(labels).max().getAsInt() + 1;
    return new Superpixels(image.width(), image.height(), labels, count);
  }

  /** The segmentation of images of this one's size; its holder closes it. */
  static GraphSegmentation segmentation(RgbImage image, double k) {
    OpenCv.load();
    int smallest = (int) Math.ceil(SMALLEST * image.width() * image.height());
    return opencv_ximgproc.createGraphSegmentation(SIGMA, (float) k, smallest);
  }
}

package org.denseflow.transfer;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.denseflow.image.Coverage;
import org.denseflow.image.OpenCv;
import org.denseflow.image.RgbImage;
import org.denseflow.transfer.MaskParameters.GrabCut;

/**
 * Makes a soft mask follow its image's edges, by OpenCV: the guided filter keeps it soft, GrabCut
 * learns colours of object and background and cuts between them.
 */
public final class MaskRefinement {
  /** Fewer pixels than its five Gaussians a side cannot teach GrabCut a colour model. */
  private static final int FEWEST = 16;

  private final MaskParameters parameters;

  /** As these parameters say. */
  public MaskRefinement(MaskParameters parameters) {
    this.parameters = parameters;
  }

  /**
   * Refines a mask.
   *
   * @param image of the mask's size
   * @throws IllegalArgumentException if the sizes differ
   */
  public Coverage refine(Coverage mask, RgbImage image) {
    if (mask.width() != image.width() || mask.height() != image.height()) {
      throw new IllegalArgumentException(
          "Cannot refine a mask of %dx%d by an image of %dx%d"
              .formatted(mask.width(), mask.height(), image.width(), image.height()));
    }

    return switch (parameters.refinement()) {
      case NONE -> mask;
      case GUIDED_FILTER -> guidedFilter(mask, image);
      case GRAB_CUT -> grabCut(mask, image, parameters.grabCut());
    };
  }

  private Coverage guidedFilter(Coverage mask, RgbImage image) {
    OpenCv.load();
    float[] colours = new float[image.pixels().length];

    for (int i = 0; i < colours.length; i++) {
      colours[i] = (image.pixels()[i] & 0xff) / 255f;
    }

    float[] share = new float[mask.share().length];

    try (FloatPointer guide = new FloatPointer(colours);
        FloatPointer values = new FloatPointer(mask.share());
        Mat guideMat = new Mat(image.height(), image.width(), opencv_core.CV_32FC3, guide);
        Mat mat = new Mat(mask.height(), mask.width(), opencv_core.CV_32FC1, values);
        Mat result = new Mat()) {
      int radius = parameters.filter().radius();
      opencv_ximgproc.guidedFilter(guideMat, mat, result, radius, parameters.filter().epsilon());
      new FloatPointer(result.data()).get(share);
    }

    for (int i = 0; i < share.length; i++) {
      share[i] = Math.max(0, Math.min(1, share[i]));
    }

    return new Coverage(mask.width(), mask.height(), share);
  }

  /** What GrabCut makes of a mask, whatever the refinement is. */
  Coverage grabCut(Coverage mask, RgbImage image, GrabCut certain) {
    byte[] labels = labels(mask, certain);
    int object = 0;

    for (byte label : labels) {
      object += label & 1;
    }

    if (object < FEWEST || labels.length - object < FEWEST) {
      return mask;
    }

    OpenCv.load();
    opencv_core.setRNGSeed(0);

    try (BytePointer marks = new BytePointer(labels);
        Mat photo = OpenCv.mat(image);
        Mat cut = new Mat(mask.height(), mask.width(), opencv_core.CV_8UC1, marks);
        Rect unused = new Rect();
        Mat background = new Mat();
        Mat foreground = new Mat()) {
      opencv_imgproc.grabCut(
          photo,
          cut,
          unused,
          background,
          foreground,
          certain.iterations(),
          opencv_imgproc.GC_INIT_WITH_MASK);
      marks.get(labels);
    }

    float[] share = new float[labels.length];

    for (int i = 0; i < share.length; i++) {
      share[i] = labels[i] & 1;
    }

    return new Coverage(mask.width(), mask.height(), share);
  }

  /** OpenCV's four labels; the lowest bit is set on the object. */
  private static byte[] labels(Coverage mask, GrabCut certain) {
    byte[] labels = new byte[mask.share().length];

    for (int i = 0; i < labels.length; i++) {
      float share = mask.share()[i];
      int likely = share > 0.5 ? opencv_imgproc.GC_PR_FGD : opencv_imgproc.GC_PR_BGD;
      int label =
          share > certain.inside()
              ? opencv_imgproc.GC_FGD
              : share > certain.outside() ? likely : opencv_imgproc.GC_BGD;
      labels[i] = (byte) label;
    }

    return labels;
  }
}

package org.denseflow.image;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * OpenCV's native library, loaded once. It works on the thread that calls it and on no other, so
 * that a task stays on the cores it was given; any number of threads may call it at once, each with
 * its own {@link Mat}s.
 */
public final class OpenCv {
  private static final Optional<Throwable> FAILURE = loadNative();

  private OpenCv() {}

  /**
   * Loads the library where it is not loaded yet; to be called before any class of it.
   *
   * @throws IllegalStateException if this machine cannot load it; the message says how to mend that
   */
  public static void load() {
    if (FAILURE.isPresent()) {
      throw new IllegalStateException(
          ("Cannot load OpenCV's native library: %s. Put the jar org.bytedeco:opencv of classifier"
                  + " %s on the class path (build DenseFlow with -Djavacpp.platform=%2$s), and let the"
                  + " folder org.bytedeco.javacpp.cachedir, else ~/.javacpp, be one that can be written")
              .formatted(FAILURE.get().getMessage(), Loader.getPlatform()),
          FAILURE.get());
    }
  }

  /**
   * Copies an image.
   *
   * @return 8-bit, {@code [height, width]} of three channels in the image's order; its holder
   *     closes it
   */
  public static Mat mat(RgbImage image) {
    load();
    Mat mat = new Mat(image.height(), image.width(), opencv_core.CV_8UC3);
    mat.data().put(image.pixels());
    return mat;
  }

  /** Copies an 8-bit matrix of three channels. */
  public static RgbImage image(Mat mat) {
    byte[] pixels = new byte[3 * mat.rows() * mat.cols()];
    mat.data().get(pixels);
    return new RgbImage(mat.cols(), mat.rows(), pixels);
  }

  private static Optional<Throwable> loadNative() {
    try {
      Loader.load(opencv_ximgproc.class);
      opencv_core.setNumThreads(1);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(e);
    }
  }
}

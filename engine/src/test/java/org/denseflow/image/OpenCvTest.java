package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;

class OpenCvTest {

  @Test
  void anImageKeepsItsPixelsAsAMatrix() {
    RgbImage image = new RgbImage(2, 1, new byte[] {1, 2, 3, (byte) 200, 5, (byte) 255});

    try (Mat mat = OpenCv.mat(image)) {
      assertThat(mat.cols()).isEqualTo(2);
      assertThat(mat.rows()).isEqualTo(1);
      assertThat(mat.type()).isEqualTo(opencv_core.CV_8UC3);
      assertThat(mat.ptr(0, 1).get(0) & 0xff).isEqualTo(200);
      RgbImage back = OpenCv.image(mat);
      assertThat(back.size()).isEqualTo(image.size());
      assertThat(back.pixels()).isEqualTo(image.pixels());
    }
  }

  @Test
  void aMatrixDoesNotShareTheImagesPixels() {
    RgbImage image = new RgbImage(1, 1, new byte[] {1, 2, 3});

    try (Mat mat = OpenCv.mat(image)) {
      mat.data().put(0, (byte) 9);
      assertThat(image.pixels()[0]).isEqualTo((byte) 1);
    }
  }

  /** A task stays on the cores it was given. */
  @Test
  void itWorksOnTheCallingThread() {
    OpenCv.load();
    assertThat(opencv_core.getNumThreads()).isEqualTo(1);
  }

  /** Each call says so, not the first one alone. */
  @Test
  void withoutTheNativeJarTheErrorNamesIt() throws Exception {
    List<URL> classPath = new ArrayList<>();

    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.matches(".*opencv-[^/]*-(linux|macosx|windows)-[^/]*\\.jar")) {
        classPath.add(new File(entry).toURI().toURL());
      }
    }

    try (URLClassLoader without =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method load = without.loadClass(OpenCv.class.getName()).getMethod("load");

      for (int call = 0; call < 2; call++) {
        assertThatThrownBy(() -> load.invoke(null))
            .cause()
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("Cannot load OpenCV's native library: ")
            .hasMessageContaining("Put the jar org.bytedeco:opencv of classifier ");
      }
    }
  }
}

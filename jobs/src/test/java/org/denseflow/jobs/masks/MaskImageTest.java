package org.denseflow.jobs.masks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Reading;
import org.denseflow.metrics.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskImageTest {
  @TempDir Path root;

  @Test
  void aBoxOfALargerImageIsAFailure() throws Exception {
    Path file = root.resolve("half.png");
    Files.write(file, ImageEncoder.png(new RgbImage(20, 10, new byte[600])));

    assertThat(load(file, new Box(2, 2, 20, 10)).failure()).isNull();
    assertThat(load(file, new Box(4, 4, 38, 18)).failure().code()).isEqualTo("annotation.size");
    assertThat(load(file, new Box(4, 4, 38, 18)).failure().detail())
        .contains("half.png has 20x10 pixels: its box reaches to (38.0, 18.0)");
  }

  private static ObjectLoader.Loaded load(Path file, Box box) {
    ObjectLoader loader =
        new ObjectLoader(
            new Configuration(false),
            new Reading(
                new LimitSettings(1 << 20, 1 << 20, 1 << 10), Orientation.UPRIGHT, MaskRule.AUTO));
    return new MaskImage("half", file.toString(), null, box).load(loader);
  }
}

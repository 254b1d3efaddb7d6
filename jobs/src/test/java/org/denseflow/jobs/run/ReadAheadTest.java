package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.MaskRule;
import org.denseflow.image.Orientation;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
  @TempDir private Path folder;

  @Test
  void imagesComeAsIfReadOneByOne() throws IOException {
    List<String> uris = new ArrayList<>();

    for (int i = 0; i < 12; i++) {
      Path file = folder.resolve(i + ".png");
      Files.write(
          file,
          i == 5 ? new byte[9] : ImageEncoder.png(new RgbImage(i + 1, 2, new byte[6 * i + 6])));
      uris.add(file.toUri().toString());
    }

    uris.add(folder.resolve("none.png").toUri().toString());
    ImageLoader loader =
        new ImageLoader(
            new Configuration(false),
            new Reading(
                new LimitSettings(1 << 20, 1 << 20, 1 << 10), Orientation.UPRIGHT, MaskRule.AUTO));

    for (int ahead : new int[] {0, 1, 4}) {
      try (ReadAhead images = new ReadAhead(loader, ahead, uris, uri -> uri.endsWith("/3.png"))) {
        for (int i = 0; i < uris.size(); i++) {
          if (i == 3 || i == 7) {
            continue;
          }

          ImageLoader.Loaded loaded = images.load(uris.get(i));

          if (i == 5 || i == 12) {
            assertThat(loaded.failure().code())
                .isEqualTo(i == 5 ? "image.unknown-format" : "image.missing");
          } else {
            assertThat(loaded.image().width()).isEqualTo(i + 1);
          }
        }

        assertThat(images.load(uris.get(3)).image().width()).isEqualTo(4);
      }
    }
  }
}

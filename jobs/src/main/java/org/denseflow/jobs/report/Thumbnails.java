package org.denseflow.jobs.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.FileNames;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.Reading;

/**
 * A task's pictures of a gallery: bounded in size, one file each, an image of many pairs once. Not
 * for several threads.
 */
final class Thumbnails {
  private static final float QUALITY = 0.8f;
  private static final int RECENT = 32;

  private final String out;
  private final int side;
  private final Configuration configuration;
  private final ImageLoader loader;
  private final Set<String> written = new HashSet<>();
  private final Map<String, Optional<RgbImage>> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<RgbImage>> eldest) {
          return size() > RECENT;
        }
      };

  /** Writes below out; no picture is longer than side. */
  Thumbnails(String out, int side, Reading reading, Configuration configuration) {
    this.out = out;
    this.side = side;
    this.configuration = configuration;
    this.loader = new ImageLoader(configuration, reading);
  }

  /** A small version of an image; empty where it cannot be read any more. */
  Optional<RgbImage> image(String uri) {
    return recent.computeIfAbsent(uri, this::load);
  }

  /** The file of an image's small version. */
  String file(String uri, RgbImage small) {
    String name = "images/" + FileNames.ofUri(uri) + ".jpg";

    if (written.add(name)) {
      save(name, ImageEncoder.jpeg(small, QUALITY));
    }

    return name;
  }

  /** The file of a picture of a pair, as JPEG. */
  String jpeg(String id, String kind, RgbImage picture) {
    return save(name(id, kind, "jpg"), ImageEncoder.jpeg(small(picture), QUALITY));
  }

  /** The file of a picture of a pair, as it is. */
  String png(String id, String kind, byte[] png) {
    return save(name(id, kind, "png"), png);
  }

  /** An image out of a table's cell. */
  static RgbImage decode(byte[] bytes) {
    try {
      return ImageDecoder.decode(bytes, ImageLimits.DEFAULT).image();
    } catch (ImageException e) {
      throw new IllegalStateException("Cannot read an image of the run", e);
    }
  }

  /** Brings an image to the gallery's size; smaller ones stay as they are. */
  RgbImage small(RgbImage image) {
    double scale = (double) side / Math.max(image.width(), image.height());
    return scale >= 1
        ? image
        : Resize.toRgb(
            image,
            Math.max(1, (int) Math.round(scale * image.width())),
            Math.max(1, (int) Math.round(scale * image.height())));
  }

  private Optional<RgbImage> load(String uri) {
    try {
      return Optional.ofNullable(loader.load(uri).image()).map(this::small);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + uri, e);
    }
  }

  /** Spread over 256 folders. */
  private static String name(String id, String kind, String ending) {
    String folder = DigestUtils.sha256Hex(id).substring(0, 2);
    return "pairs/%s/%s.%s.%s".formatted(folder, FileNames.of(id), kind, ending);
  }

  private String save(String name, byte[] bytes) {
    Path path = new Path(HadoopFileStore.path(out), name);

    try {
      FileSystem files = HadoopFileStore.fileSystem(path, configuration);
      FileNames.requireNameable(path, files);

      try (FSDataOutputStream stream = files.create(path, true)) {
        stream.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }

    return name;
  }
}

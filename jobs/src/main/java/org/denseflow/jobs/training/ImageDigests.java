package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.jobs.dataset.PairAnnotation.Mirror;
import org.denseflow.jobs.dataset.PairKeypoints;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Reading;

/**
 * Reads each image of a dataset once, side by side, before training begins: what cannot be read is
 * known then, and an example prepared from one image is never taken for that of another.
 *
 * @param known the digest of each image and mask that can be used, by their URIs
 * @param sizes of the images that can be used, by URI
 * @param failures why others cannot be used, by URI
 * @param tagged images with an EXIF orientation tag
 */
record ImageDigests(
    Map<String, String> known,
    Map<String, Size> sizes,
    Map<String, ImageFailure> failures,
    long tagged) {
  private static final int IMAGES_PER_TASK = 64;

  /** An image and its mask, null without. */
  private record Item(String image, String mask) implements Serializable {

    static Item of(String image, ImageAnnotation annotation) {
      return new Item(image, annotation.maskUri().orElse(null));
    }

    String name() {
      return image + "\t" + mask;
    }
  }

  private record Result(Item item, String digest, Size size, int orientation, ImageFailure failure)
      implements Serializable {}

  /** Reads all images of some pairs. */
  static ImageDigests of(
      SparkSession spark,
      List<ImagePair> pairs,
      SerializableConfiguration configuration,
      Reading reading) {
    List<Item> items = pairs.stream().flatMap(ImageDigests::items).distinct().toList();
    spark.sparkContext().setJobDescription("reading %d images".formatted(items.size()));
    Map<String, String> known = new LinkedHashMap<>();
    Map<String, Size> sizes = new HashMap<>();
    Map<String, ImageFailure> failures = new TreeMap<>();
    long tagged = 0;
    int tasks = (items.size() + IMAGES_PER_TASK - 1) / IMAGES_PER_TASK;

    for (Result result :
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(items, Math.max(1, tasks))
            .map(item -> read(item, new ObjectLoader(configuration.value(), reading)))
            .collect()) {
      tagged += result.orientation() > 1 ? 1 : 0;

      if (result.failure() == null) {
        known.put(result.item().name(), result.digest());
        sizes.put(result.item().image(), result.size());
      } else {
        failures.put(result.item().image(), result.failure());
      }
    }

    return new ImageDigests(known, sizes, failures, tagged);
  }

  /**
   * How many of the keypoints of pairs can be used.
   *
   * @throws org.denseflow.jobs.dataset.DatasetException if an annotation cannot be that of its
   *     image
   */
  KeypointTally keypoints(List<PhotographSample> samples) {
    return samples.stream()
        .map(PhotographSample::pair)
        .flatMap(
            pair -> pair.keypoints(sizes.get(pair.source()), sizes.get(pair.target())).stream())
        .map(PairKeypoints::tally)
        .reduce(KeypointTally.NONE, KeypointTally::plus);
  }

  /** The pairs of which both images can be used, as samples. */
  List<PhotographSample> samples(List<ImagePair> pairs, String root) {
    List<PhotographSample> samples = new ArrayList<>();

    for (ImagePair pair : pairs) {
      List<String> digests = items(pair).map(item -> known.get(item.name())).toList();

      if (!digests.contains(null)) {
        samples.add(
            new PhotographSample(
                pair,
                fingerprint(pair).add(digests.toArray()).hex(),
                Stream.of(pair.source(), pair.target()).map(uri -> below(root, uri)).toList()));
      }
    }

    return samples;
  }

  /** Of the keypoints, where there are some, and of whether the images are mirrored. */
  private static Fingerprint fingerprint(ImagePair pair) {
    Fingerprint fingerprint = new Fingerprint();

    if (pair.annotation().mirror() != Mirror.NONE) {
      fingerprint.add(pair.annotation().mirror());
    }
    Stream.of(pair.annotation().source(), pair.annotation().target())
        .flatMap(image -> image.keypoints().stream())
        .forEach(
            points -> fingerprint.add(Arrays.toString(points.x()), Arrays.toString(points.y())));
    return fingerprint;
  }

  private static Stream<Item> items(ImagePair pair) {
    return Stream.of(
        Item.of(pair.source(), pair.annotation().source()),
        Item.of(pair.target(), pair.annotation().target()));
  }

  private static Result read(Item item, ObjectLoader loader) {
    ObjectLoader.Loaded loaded = loader.load(item.image(), item.mask());
    return loaded.failure() == null
        ? new Result(
            item,
            digest(loaded.image(), loaded.mask()),
            loaded.image().size(),
            loaded.orientation(),
            null)
        : new Result(item, null, null, 0, loaded.failure());
  }

  private static String digest(RgbImage image, Mask mask) {
    Fingerprint fingerprint =
        new Fingerprint().add(image.width(), image.height()).add(image.pixels());
    return mask == null ? fingerprint.hex() : fingerprint.add(bytes(mask)).hex();
  }

  private static byte[] bytes(Mask mask) {
    byte[] bytes = new byte[mask.width() * mask.height()];

    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (mask.at(i % mask.width(), i / mask.width()) ? 1 : 0);
    }

    return bytes;
  }

  private static String below(String root, String uri) {
    return uri.startsWith(root + "/") ? uri.substring(root.length() + 1) : uri;
  }
}

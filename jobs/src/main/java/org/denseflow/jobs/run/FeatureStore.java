package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.UsageException;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.schemas.RunManifest;

/**
 * The features that a finished run of DescribeJob has left, where tasks find those of their images.
 * Small enough to be sent with a task: it has the names of the table's files, and an image's file
 * follows from its URI.
 */
public final class FeatureStore implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The name of the job that makes them. */
  public static final String JOB = "DescribeJob";

  /** One without any image, of which is known only what the images' files are. */
  public static final FeatureStore EMPTY =
      new FeatureStore("", "", 0, new FeaturePlan(0, 0, 1, 1), new Part[1], null, null);

  private static final Pattern PART = Pattern.compile("part-[0-9]+-[0-9a-f]+-([0-9]+)-.*");

  private final String uri;
  private final String fingerprint;
  private final long images;
  private final FeaturePlan plan;
  private final Part[] parts;
  private final LongAccumulator read;
  private final LongAccumulator stale;

  private FeatureStore(
      String uri,
      String fingerprint,
      long images,
      FeaturePlan plan,
      Part[] parts,
      LongAccumulator read,
      LongAccumulator stale) {
    this.uri = uri;
    this.fingerprint = fingerprint;
    this.images = images;
    this.plan = plan;
    this.parts = parts;
    this.read = read;
    this.stale = stale;
  }

  private record Part(String uri, long bytes) implements Serializable {}

  /**
   * What is known of an image whose file was read.
   *
   * @param orientation the file's EXIF tag, as the row says
   * @param features null where there are none of this file
   * @param isStale whether there are features of another file in its place
   */
  public record Found(
      long fileBytes, String fileDigest, int orientation, Stored features, boolean isStale) {

    /** Whether there are features. */
    public boolean has() {
      return features != null;
    }
  }

  /** Features that were read and not checked yet. */
  public record Stored(String image, String file, org.denseflow.matcher.StoredCells cells) {

    /** The features, which belong to the caller. */
    public CellFeatures features() {
      try {
        return cells.features();
      } catch (IllegalArgumentException e) {
        throw damaged(image, file, e);
      }
    }
  }

  /** All that features depend on besides images, by name, for manifests. */
  public static Map<String, String> identity(
      MatcherChoice matcher, Reading reading, Configuration configuration) {
    Map<String, String> all =
        new LinkedHashMap<>(matcher.method().describing(matcher.files().local(configuration)));
    all.put("orientation", reading.orientation().toString());
    all.put("limits", reading.limits().toString());
    all.put("precision", Precision.HALF.toString());
    all.put("results", FeatureTable.RESULTS.toString());
    return all;
  }

  /**
   * Opens the features of a finished run.
   *
   * @throws UsageException if there is no such run, or it described images in another way
   */
  public static FeatureStore open(
      SparkContext spark, String uri, MatcherChoice matcher, Reading reading) {
    Map<String, String> own = identity(matcher, reading, spark.hadoopConfiguration());

    try (RunDirectory run = new RunDirectory(uri, spark.hadoopConfiguration())) {
      RunManifest manifest =
          run.manifest()
              .orElseThrow(
                  () ->
                      new UsageException(
                          "Cannot read features from %s: it has no run.json; finish DescribeJob there first, with --resume"
                              .formatted(run.uri())));
      requireSame(manifest, own, run.uri());
      FeaturePlan plan = FeaturePlan.parse(run.read(FeaturePlan.FILE).orElse(""));
      return new FeatureStore(
          run.uri(),
          manifest.fingerprint(),
          manifest.count("images") - manifest.count("failed"),
          plan,
          parts(run, plan),
          spark.longAccumulator("images read from the store"),
          spark.longAccumulator("stale images of the store"));
    }
  }

  private static void requireSame(RunManifest manifest, Map<String, String> own, String uri) {
    if (!manifest.job().equals(JOB)) {
      throw new UsageException(
          "Cannot read features from %s: %s wrote it; give the output of %s"
              .formatted(uri, manifest.job(), JOB));
    }

    List<String> others = new ArrayList<>();
    own.forEach(
        (name, value) -> {
          if (!manifest.input(name).equals(value)) {
            others.add("%s %s, here it is %s".formatted(name, manifest.input(name), value));
          }
        });

    if (!others.isEmpty()) {
      throw new UsageException(
          "Cannot read features from %s: they were made with %s; give the same options and files, or describe the images with these by %s into another --out"
              .formatted(uri, String.join("; with ", others), JOB));
    }
  }

  private static Part[] parts(RunDirectory run, FeaturePlan plan) {
    Part[] parts = new Part[plan.files()];

    for (int chunk = 0; chunk < plan.chunks(); chunk++) {
      for (FileStatus file : run.chunk(FeatureTable.RESULTS.name(), chunk).parts()) {
        Matcher name = PART.matcher(file.getPath().getName());

        if (name.matches()) {
          int number = chunk * plan.chunkFiles() + Integer.parseInt(name.group(1));
          parts[number] = new Part(file.getPath().toString(), file.getLen());
        }
      }
    }

    return parts;
  }

  /**
   * Looks for an image.
   *
   * @param bytes its file's
   * @throws UncheckedIOException if the storage fails
   * @throws UsageException if the table is damaged
   */
  Found find(String image, byte[] bytes, Configuration configuration) {
    String digest = "sha256:" + DigestUtils.sha256Hex(bytes);
    Part part = parts[plan.file(image)];

    try {
      Optional<FeatureFile.Row> row =
          part == null
              ? Optional.empty()
              : FeatureFile.of(part.uri(), part.bytes()).find(image, configuration);
      boolean same =
          row.isPresent()
              && row.get().fileBytes() == bytes.length
              && row.get().fileDigest().equals(digest);
      return new Found(
          bytes.length,
          digest,
          same ? row.get().orientation() : 0,
          same ? new Stored(image, part.uri(), row.get().features().read()) : null,
          row.isPresent() && !same);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read features from " + part.uri(), e);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(image, part.uri(), e);
    }
  }

  private static UsageException damaged(String image, String file, RuntimeException reason) {
    return new UsageException(
        "Cannot read the features of %s from %s: the file is damaged (%s); run %s again with --overwrite, or leave --features out"
            .formatted(image, file, reason.getMessage(), JOB));
  }

  /** Counts an image that was looked for, in its task's own thread. */
  public void count(Found found) {
    read.add(found.has() ? 1 : 0);
    stale.add(found.isStale() ? 1 : 0);
  }

  /** What people should know before a run, and where features are read. */
  public static Optional<String> note(Optional<String> note, FeatureStore storeOrNull) {
    if (storeOrNull == null) {
      return note;
    }

    String own =
        "features: %s has those of %s; what it lacks or has of other files is described"
            .formatted(storeOrNull.uri, Counted.of(storeOrNull.images, "images"));
    return Optional.of(note.map(text -> text + "\n").orElse("") + own);
  }

  /** What was read, for people. */
  public String summary() {
    return "features: %s read from %s, %d stale and described anew"
        .formatted(Counted.of(read.value(), "images"), uri, stale.value());
  }

  /** A run's inputs with where its features came from. */
  public static Map<String, String> inputs(Map<String, String> inputs, FeatureStore storeOrNull) {
    Map<String, String> all = new LinkedHashMap<>(inputs);

    if (storeOrNull != null) {
      all.put("features", storeOrNull.uri);
      all.put("features-fingerprint", storeOrNull.fingerprint);
    }

    return all;
  }
}

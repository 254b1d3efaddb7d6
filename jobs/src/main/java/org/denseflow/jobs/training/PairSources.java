package org.denseflow.jobs.training;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.method.ConfiguredSystem;
import org.denseflow.schemas.RunManifest;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingStage;

/** Where a training's pairs come from: checked at once, read later. */
final class PairSources {
  private final TrainRequest request;
  private final TrainingParameters training;
  private final Optional<RunManifest> synthetic;
  private final Optional<Dataset> photographs;

  /**
   * Checks that each kind of pairs that a stage learns from is given, and no other.
   *
   * @throws UsageException if not, if the synthetic pairs are not finished, or if keypoints are
   *     needed and no pair has them
   */
  PairSources(TrainRequest request, ConfiguredSystem<?> learner, Configuration configuration) {
    this.request = request;
    this.training = learner.config().training();
    this.synthetic = synthetic(request.pairs(), configuration);
    this.photographs =
        learner.system().needsKeypoints()
            ? request.photographs().map(this::withKeypoints)
            : request.photographs();
    require(TrainingStage.Pairs.SYNTHETIC, synthetic.isPresent(), "--pairs URI");
    require(TrainingStage.Pairs.IMAGES, photographs.isPresent(), "--image-pairs LAYOUT:URI");
  }

  /** The pairs that have keypoints of both images. */
  private Dataset withKeypoints(Dataset dataset) {
    List<ImagePair> annotated =
        dataset.all().stream()
            .filter(
                pair ->
                    pair.annotation().source().keypoints().isPresent()
                        && pair.annotation().target().keypoints().isPresent())
            .toList();

    if (annotated.isEmpty()) {
      throw new UsageException(
          ("Cannot train with %s: preset %s learns from keypoints, and no pair has them on both"
                  + " images; pass a layout that knows them, cub, pf-pascal or spair, say")
              .formatted(request.imagePairs(), request.preset()));
    }

    return new Dataset(dataset.layout(), dataset.root(), annotated, dataset.notes());
  }

  private static Optional<RunManifest> synthetic(String uri, Configuration configuration) {
    if (uri.isEmpty()) {
      return Optional.empty();
    }

    Optional<RunManifest> manifest =
        new RunDirectory(uri, configuration)
            .manifest()
            .filter(found -> found.job().equals("SyntheticPairJob"));

    if (manifest.isEmpty()) {
      throw new UsageException(
          "Cannot train with %s: it is not the output of a finished SyntheticPairJob"
              .formatted(uri));
    }

    return manifest;
  }

  private void require(TrainingStage.Pairs kind, boolean given, String option) {
    boolean needed = training.stages().stream().anyMatch(stage -> stage.pairs() == kind);

    if (needed != given) {
      String problem =
          needed
              ? "Preset %s has a stage on %s pairs: pass %s"
              : "Preset %s has no stage on %s pairs: leave out %s, or set training.stages";
      throw new UsageException(problem.formatted(request.preset(), name(kind), option));
    }
  }

  private static String name(TrainingStage.Pairs kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Of all that is given: the synthetic pairs, and the names of the photographs. */
  String digest() {
    String pairs = synthetic.map(manifest -> manifest.input("digest")).orElse("none");

    if (photographs.isEmpty()) {
      return pairs;
    }

    Fingerprint fingerprint = new Fingerprint().add(pairs);
    photographs
        .get()
        .all()
        .forEach(pair -> fingerprint.add(pair.pairId(), pair.source(), pair.target()));
    return fingerprint.hex();
  }

  /** A stage in the plan's words. */
  String describe(TrainingParameters.Span span) {
    boolean made = span.stage().pairs() == TrainingStage.Pairs.SYNTHETIC;
    long pairs =
        made
            ? synthetic.get().count("pairs") - synthetic.get().count("failed")
            : photographs.get().all().size();
    return "%d from %d pairs of %s"
        .formatted(span.to() - span.from(), pairs, made ? request.pairs() : request.imagePairs());
  }

  /** The pairs; of photographs those that can be read, the log names the others. */
  TrainingPairs open(
      SparkSession spark,
      SerializableConfiguration configuration,
      TrainJobParameters job,
      PrintStream log) {
    List<PhotographSample> samples =
        photographs.isEmpty()
            ? List.of()
            : samples(spark, photographs.get(), configuration, job, log);
    return new TrainingPairs(spark, request, samples, job.validation());
  }

  private List<PhotographSample> samples(
      SparkSession spark,
      Dataset dataset,
      SerializableConfiguration configuration,
      TrainJobParameters job,
      PrintStream log) {
    ImageDigests digests = ImageDigests.of(spark, dataset.all(), configuration, job.reading());
    digests
        .failures()
        .values()
        .forEach(failure -> log.printf("left out (%s): %s%n", failure.code(), failure.detail()));
    Orientations.note(digests.tagged(), job.reading().orientation()).ifPresent(log::println);
    List<PhotographSample> samples = digests.samples(dataset.all(), dataset.root());

    if (samples.isEmpty()) {
      throw new UsageException(
          "Cannot train with %s: no pair has two images that can be read"
              .formatted(request.imagePairs()));
    }

    String keypoints = digests.keypoints(samples).describe();

    if (!keypoints.isEmpty()) {
      log.println(request.imagePairs() + ": " + keypoints);
    }

    return samples;
  }
}

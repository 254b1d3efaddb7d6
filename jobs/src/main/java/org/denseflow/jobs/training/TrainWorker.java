package org.denseflow.jobs.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.denseflow.config.Presets;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.method.ConfiguredSystem;
import org.denseflow.training.DivergenceException;
import org.denseflow.training.ExampleCache;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.NativeThreads;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import org.denseflow.weights.WeightFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trainer with its examples, which lives as long as its process trains. All of its native work is
 * done on one thread of its own, whose workspaces are freed when it ends.
 */
final class TrainWorker implements AutoCloseable {
  /** Raised whenever a learner prepares other numbers of the same pair than before. */
  private static final String EXAMPLES = "examples 2: ";

  private static Path temporary;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "denseflow-training");
            thread.setDaemon(true);
            return thread;
          });
  private final TrainContext context;
  private final Configuration configuration;
  private LearnerConfig<?> config;
  private Learner learner;
  private Trainer trainer;
  private ExampleCache cache;
  private EpochOrder order;
  private volatile boolean cancelled;

  TrainWorker(TrainContext context, Configuration configuration) {
    this.context = context;
    this.configuration = configuration;

    try {
      run(this::open);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Void open() {
    if (context.threads() > 0) {
      NativeThreads.use(context.threads());
    }

    ConfiguredSystem<?> system =
        ConfiguredSystem.of(
            Presets.parseCanonical(context.configuration(), "the learner's configuration"));
    config = system.config();
    learner = system.create(context.files().local(configuration));

    try {
      trainer = new Trainer(learner, config.training(), context.seed());
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }

    cache = new ExampleCache(folder(), learner.inputs(), context.cacheBytes());
    return null;
  }

  /** A folder of its own for each way to prepare examples. */
  private Path folder() {
    try {
      Path root =
          context.cache().isEmpty()
              ? temporaryFolder()
              : Files.createDirectories(Path.of(context.cache()));
      String kind = EXAMPLES + learner.exampleKind() + context.weightDigest();
      return root.resolve(DigestUtils.sha256Hex(kind).substring(0, 16));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for examples", e);
    }
  }

  /** One for this process, deleted when it ends. */
  private static synchronized Path temporaryFolder() throws IOException {
    if (temporary == null) {
      Path made = Files.createTempDirectory("denseflow-examples-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtil.fullyDelete(made.toFile())));
      temporary = made;
    }

    return temporary;
  }

  /**
   * Trains for some steps.
   *
   * @param start where all workers begin
   * @param pairs this worker's
   * @param worker its number
   * @param steps to make
   */
  RoundResult train(TrainerState start, List<PairSample> pairs, int worker, int steps) {
    return run(
        () -> {
          trainer.load(start);
          order = new EpochOrder(pairs.size(), context.seed() + worker);
          List<RoundResult.Step> reports = new ArrayList<>();
          String divergence = null;

          try {
            for (int i = 0; i < steps && !cancelled; i++) {
              reports.add(step(pairs));
            }
          } catch (DivergenceException e) {
            divergence = e.getMessage();
          }

          TrainerState state = trainer.state();
          return new RoundResult(
              worker,
              state,
              1,
              reports,
              ModelLayout.of(trainer.tensors(), state.parameters().length),
              learner.modelMetadata(),
              divergence);
        });
  }

  /**
   * The state before any step.
   *
   * @param sample pairs that the learner is to have seen
   */
  TrainerState first(List<PairSample> sample) {
    return run(
        () -> {
          fit(sample);
          TrainerState own = trainer.state();
          ModelLayout layout = ModelLayout.of(trainer.tensors(), own.parameters().length);
          return WeightFiles.local(context.files().start(), configuration)
              .map(model -> layout.start(own, WeightFile.read(model), learner::startsAs))
              .orElse(own);
        });
  }

  private void fit(List<PairSample> sample) {
    List<Map<String, INDArray>> examples = new ArrayList<>();

    try {
      sample.forEach(pair -> examples.add(example(pair)));
      trainer.fit(examples);
    } finally {
      Examples.free(examples);
    }
  }

  private RoundResult.Step step(List<PairSample> pairs) {
    long start = System.nanoTime();
    List<Map<String, INDArray>> examples = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int batch = config.training().batch();
    int from = config.training().span(trainer.step()).from();

    try {
      for (int i = 0; i < batch; i++) {
        long position = (trainer.step() - from) * batch + i;
        PairSample pair = pairs.get(order.at(position));
        examples.add(example(pair));
        names.add(pair.id());
      }

      Trainer.StepReport report = trainer.step(examples, names);
      return new RoundResult.Step(
          report.step(),
          report.learningRate(),
          report.gradientNorm(),
          report.losses(),
          (System.nanoTime() - start) / 1e6);
    } finally {
      Examples.free(examples);
    }
  }

  /** Sums of the losses of pairs under a state. */
  Map<String, Double> validate(TrainerState state, List<PairSample> pairs) {
    return run(
        () -> {
          trainer.load(state);
          Map<String, Double> sums = new LinkedHashMap<>();

          for (PairSample pair : pairs) {
            Map<String, INDArray> example = example(pair);

            try {
              trainer.validate(List.of(example)).forEach((k, v) -> sums.merge(k, v, Double::sum));
            } finally {
              Examples.free(example);
            }
          }

          return sums;
        });
  }

  private Map<String, INDArray> example(PairSample pair) {
    // Examples may draw by the pair's id too.
    String key = DigestUtils.sha256Hex(pair.id() + "\t" + pair.key());
    Map<String, INDArray> known = cache.read(key);

    if (known != null) {
      return known;
    }

    Map<String, INDArray> example = learner.prepare(pair.load(configuration, context.reading()));
    cache.write(key, example);
    return example;
  }

  private void free() {
    if (trainer != null) {
      trainer.close();
    }

    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  private <T> T run(Callable<T> work) {
    var future = thread.submit(work);

    while (true) {
      try {
        return future.get();
      } catch (InterruptedException e) {
        cancelled = true;
        future.cancel(false);
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The task was cancelled", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }

        if (e.getCause() instanceof Error cause) {
          throw cause;
        }

        throw new IllegalStateException(e.getCause());
      }
    }
  }

  @Override
  public void close() {
    thread.submit(this::free);
    thread.shutdown();
  }
}

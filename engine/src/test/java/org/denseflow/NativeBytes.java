package org.denseflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.correlation.BlockCorrelation.Merge;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.CorrelationMatcher;
import org.denseflow.matcher.Decoding;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.matcher.ReadOut;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.VolumeParameters;
import org.denseflow.matcher.distillation.DistillationLearner;
import org.denseflow.matcher.distillation.DistillationParameters;
import org.denseflow.matcher.guided.GsfLearner;
import org.denseflow.matcher.guided.GsfModel;
import org.denseflow.matcher.guided.GsfParameters;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.guided.GuidedParameters;
import org.denseflow.matcher.nn.NearestNeighbour;
import org.denseflow.matcher.proposals.EmbeddingParameters;
import org.denseflow.matcher.proposals.RegionMatcher;
import org.denseflow.matcher.proposals.RegionParameters;
import org.denseflow.matcher.proposals.ScnetGradient;
import org.denseflow.matcher.proposals.ScnetLearner;
import org.denseflow.matcher.proposals.ScnetModel;
import org.denseflow.matcher.proposals.ScnetParameters;
import org.denseflow.matcher.recurrent.RecurrentMatcher;
import org.denseflow.matcher.recurrent.RecurrentModel;
import org.denseflow.matcher.recurrent.RtnLearner;
import org.denseflow.matcher.recurrent.RtnModel;
import org.denseflow.matcher.recurrent.RtnParameters;
import org.denseflow.matcher.recurrent.SamLearner;
import org.denseflow.matcher.recurrent.SamModel;
import org.denseflow.matcher.recurrent.SamParameters;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.matcher.sfnet.SfnetLearner;
import org.denseflow.matcher.sfnet.SfnetParameters;
import org.denseflow.matcher.sfnet.TestConventions;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.Keypoints;
import org.denseflow.style.CodecLearner;
import org.denseflow.style.CodecParameters;
import org.denseflow.style.StyleCodec;
import org.denseflow.style.StyleShape;
import org.denseflow.style.StyleWeights;
import org.denseflow.synthesis.TestPairs;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainingPair;
import org.denseflow.training.TrainingParameters;
import org.denseflow.training.TrainingParameters.Updater;
import org.denseflow.transfer.AttributeParameters;
import org.denseflow.transfer.AttributeTransfer;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.nd4j.linalg.api.memory.AllocationsTracker;
import org.nd4j.linalg.api.memory.enums.AllocationKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains, matches and transfers, closes all of it, and prints by how many bytes native memory has
 * grown: a main class, for a process where the garbage collector frees none of it.
 */
final class NativeBytes {
  private static final WorkingSize SIZE = new WorkingSize(64, 64);
  private static final TrainingParameters PARAMETERS =
      new TrainingParameters(
          1000,
          2,
          new Updater(Updater.Name.ADAM, 1e-3, 0.2, List.of(), 0, 0.9, 0.9, 0.999, 1e-8, 0),
          0,
          100);
  private static final TrainingPair PAIR = pair();
  private static final ScnetParameters SCNET =
      ScnetGradient.parameters(ScnetParameters.Variant.AG, EmbeddingParameters.Layer.FULL);
  private static final List<String> HOG = List.of("hog");

  private final Path folder;
  private final Path codec;

  private NativeBytes(Path folder) {
    this.folder = folder;
    this.codec = folder.resolve("codec.safetensors");
    write(codec, NaiveLayers.random(StyleShape.RELU3_1.tensors(), new Random(1)), Map.of());
  }

  /** Prints a line for each system: its name, the bytes it leaves, those of what it trains. */
  public static void main(String[] arguments) {
    NativeBytes own = new NativeBytes(Path.of(arguments[0]));
    Nd4j.ones(1).close();
    own.systems()
        .forEach(
            (name, system) -> {
              long before = bytes();
              long trained = system.getAsLong();
              System.out.printf("%s\t%d\t%d%n", name, bytes() - before, trained);
            });
  }

  /** Of arrays and of workspaces. */
  private static long bytes() {
    return Nd4j.getEnvironment().getDeviceCouner(0)
        + AllocationsTracker.getInstance().bytesOnDevice(AllocationKind.WORKSPACE, 0);
  }

  /** Each trains, matches or transfers, closes all, and says how many bytes it has trained. */
  private Map<String, LongSupplier> systems() {
    Map<String, LongSupplier> systems = new LinkedHashMap<>();
    systems.put("backbone", () -> match(volume(network(), nearest(), "none")));
    systems.put("guided", () -> match(volume(hog(), guided(Optional.empty()), "none")));
    systems.put(
        "guided mirrored",
        () -> match(DenseFlow.matcher("guided", "backbone.name=hog", "guided.mirror=auto")));
    systems.put("phm", () -> match(new RegionMatcher(SIZE, regions(), hog(), false)));
    systems.put("sfnet", this::sfnet);
    systems.put("gsf", this::gsf);
    systems.put("rtn", this::rtn);
    systems.put("samnet", this::samnet);
    systems.put("scnet", this::scnet);
    systems.put(
        "codec", () -> train(new CodecLearner(new CodecParameters(0.5, 1, 1), 32, 32, codec)));
    systems.put("distillation", this::distillation);
    systems.put("transfer", this::transfer);
    return systems;
  }

  private long sfnet() {
    SfnetParameters parameters =
        new SfnetParameters(
            List.of(new SfnetParameters.Adapter(1, 1, Optional.of(4))),
            1,
            50,
            5,
            SfnetParameters.Argmax.KERNEL,
            3,
            16,
            0.5,
            0.1,
            TestConventions.PAPER);
    long trained = train(new SfnetLearner(parameters, hog(), SIZE));
    return trained + match(volume(new AdaptedBackbone(hog(), model(), 1), nearest(), "sfnet"));
  }

  private long gsf() {
    GsfParameters.Matching matching = new GsfParameters.Matching(2, 1, 4, 5, 3, 4, 0.7, 0.4, 0.5);
    GsfParameters parameters =
        new GsfParameters(3, 2.5, 0.7, 5, 6, 3, 1, 0.3, 1, 1.5, Optional.of(matching));
    Map<String, String> metadata = TrainedModel.metadata("gsf", hog().identity());
    long trained = train(new GsfLearner(parameters, hog(), SIZE, metadata));
    GsfModel read = GsfModel.read(model(), new BackboneIdentity("hog", HOG, "none"));
    return trained + match(volume(hog(), guided(Optional.of(read)), "gsf"));
  }

  private long rtn() {
    long trained = train(new RtnLearner(recurrent(), hog(), SIZE));
    return trained
        + match(recurrent(RtnModel.read(model(), new BackboneIdentity("hog", HOG, "none"), 2)));
  }

  private long samnet() {
    SamParameters sam =
        new SamParameters(1, 1, 0.5, 0.9, SamParameters.Loss.CROSS_ENTROPY, 1, 0.1, 0.2, 0.1, 0.3);
    long trained = train(new SamLearner(recurrent(), sam, hog(), SIZE, codec));
    return trained
        + match(
            recurrent(
                SamModel.read(
                    model(), new BackboneIdentity("hog", HOG, "none"), 2, 1, Optional.of(1))));
  }

  private static RtnParameters recurrent() {
    return new RtnParameters(3, 2, 1, List.of(2, 1), 0, 3, List.of(2, 3), 1, 2, 1, 0.3);
  }

  private static <F extends ImageFeatures> DenseMatcher<F> recurrent(RecurrentModel<F> model) {
    return new RecurrentMatcher<>(SIZE, hog(), model, true);
  }

  private long scnet() {
    RegionParameters regions = regions();
    long trained = train(new ScnetLearner(SCNET, hog(), SIZE));
    ScnetModel read =
        ScnetModel.read(
            model(),
            ScnetModel.Use.APPEARANCE,
            regions.pooling(),
            new BackboneIdentity("hog", HOG, "none"));
    return trained + match(new RegionMatcher(SIZE, regions, hog(), read, true));
  }

  private long distillation() {
    DistillationParameters parameters = new DistillationParameters("denseflow_s", 1, 0.2, 1, 10);
    return train(new DistillationLearner(parameters, hog(), SIZE));
  }

  private long transfer() {
    AttributeParameters parameters = new AttributeParameters(64, 2, 1, 0.5, 3, 1, 2, 0, 2);

    try (AttributeTransfer transfer =
            new AttributeTransfer(
                new AnyMatcher(volume(hog(), nearest(), "none")),
                new StyleCodec(codec),
                parameters);
        AttributeTransfer.Subject source = transfer.describe(PAIR.source());
        AttributeTransfer.Subject target = transfer.describe(PAIR.target())) {
      transfer.transfer(source, target, Optional.empty()).orElseThrow();
    }

    return 0;
  }

  /** Trains a few steps on a batch of two, validates, saves and goes on from a state. */
  private long train(Learner learner) {
    try (Trainer trainer = new Trainer(learner, PARAMETERS, 1)) {
      int batch = learner instanceof ScnetLearner ? 1 : 2;
      List<Map<String, INDArray>> examples = new ArrayList<>();

      for (int i = 0; i < batch; i++) {
        examples.add(learner.prepare(PAIR));
      }

      trainer.fit(examples);
      List<String> names = Collections.nCopies(batch, "a");

      trainer.step(examples, names);
      trainer.step(examples, names);
      trainer.validate(examples);
      trainer.load(trainer.state());
      Examples.free(examples);
      Map<String, Tensor> tensors = trainer.tensors();
      Map<String, Tensor> model = new LinkedHashMap<>(StyleWeights.read(codec).tensors());
      model.putAll(tensors);
      write(model(), model, learner.modelMetadata());
      return tensors.values().stream().mapToLong(tensor -> 4L * tensor.values().length).sum();
    }
  }

  /** Describes, matches and closes. */
  private static <F extends ImageFeatures> long match(DenseMatcher<F> matcher) {
    try (matcher) {
      F source = matcher.describe(PAIR.source());
      List<F> targets = matcher.describe(List.of(PAIR.target(), PAIR.source()));
      matcher.match(source, targets);
      source.close();
      targets.forEach(ImageFeatures::close);
    }

    return 0;
  }

  private static CorrelationMatcher volume(Backbone backbone, ReadOut readOut, String digest) {
    VolumeParameters volume = new VolumeParameters(Merge.PRODUCT, Optional.empty());
    return new CorrelationMatcher(SIZE, volume, Decoding.CELLS, backbone, readOut, digest);
  }

  private static ReadOut nearest() {
    return new NearestNeighbour(NearestNeighbour.Validity.ALL);
  }

  private static ReadOut guided(Optional<GsfModel> model) {
    GuidedParameters parameters = new GuidedParameters(List.of(6.0, 4.0), List.of(6.0, 5.0), 20);
    return new GuidedMatching(parameters, model, true);
  }

  private static RegionParameters regions() {
    return new RegionParameters(
        SCNET.proposals(),
        SCNET.pooling(),
        SCNET.voting(),
        Optional.empty(),
        new RegionParameters.FlowParameters(4, 20, 30, 15));
  }

  private static Backbone hog() {
    return Backbones.create(new BackboneSpec("hog", List.of(), Optional.empty()));
  }

  private static Backbone network() {
    return Backbones.create(new BackboneSpec("denseflow_s", List.of(), Optional.empty()));
  }

  private static TrainingPair pair() {
    TrainingPair drawn = TrainingPair.of("a", TestPairs.draw(64, 3));
    Keypoints points = new Keypoints(new double[] {9, 40, 30}, new double[] {9, 30, 50});
    KeypointPair.Annotated image = new KeypointPair.Annotated(64, 64, points, Optional.empty());
    return new TrainingPair(
        drawn.id(),
        drawn.source(),
        drawn.target(),
        drawn.sourceMask(),
        drawn.targetMask(),
        drawn.recipe(),
        Optional.of(new KeypointPair(image, image)));
  }

  private Path model() {
    return folder.resolve("model.safetensors");
  }

  private static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    try {
      SafetensorsFile.write(file, tensors, metadata);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

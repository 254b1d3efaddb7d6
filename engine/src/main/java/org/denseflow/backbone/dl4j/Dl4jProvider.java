package org.denseflow.backbone.dl4j;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneProvider;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.InputOptions;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Preprocessing.Channels;
import org.denseflow.backbone.Tap;
import org.denseflow.weights.WeightFile;

/**
 * Makes backbones of the zip files of DL4J's {@code ModelSerializer}. Taps are the names of the
 * vertices that make feature maps; the default is the last of them. Pixels go through the
 * normaliser in the file; without one they are scaled to 0..1. Channels are in the order in which
 * DL4J's image loaders have them, blue first. {@code backbone.input} says otherwise.
 */
@AutoService(BackboneProvider.class)
public final class Dl4jProvider implements BackboneProvider {

  @Override
  public Optional<String> fileEnding() {
    return Optional.of(".zip");
  }

  /** The network that a file describes, without its parameters. */
  private record Opened(
      ModelZip zip,
      ComputationGraphConfiguration configuration,
      TapGraph graph,
      BackboneInfo info) {}

  private static Opened open(BackboneSpec spec) {
    return WeightFile.reading(
        spec.requireWeights(),
        file -> {
          ModelZip zip = new ModelZip(file);
          ComputationGraphConfiguration configuration = zip.configuration();
          TapGraph graph = new TapGraph(configuration);
          return new Opened(zip, configuration, graph, info(spec, zip, graph.taps()));
        });
  }

  private static BackboneInfo info(BackboneSpec spec, ModelZip zip, List<Tap> taps)
      throws IOException {
    InputOptions options =
        spec.input().orElse(new InputOptions(Optional.empty(), Optional.empty()));
    Channels channels = options.channels().orElse(Channels.BGR);
    Preprocessing own =
        zip.normalizer(channels).orElse(Preprocessing.uniform(1 / 255.0, 0, channels));
    return new BackboneInfo(
        spec.name(),
        taps,
        taps.get(taps.size() - 1).name(),
        BackboneInfo.Weights.FILE,
        options.or(own));
  }

  @Override
  public BackboneInfo info(BackboneSpec spec) {
    return open(spec).info();
  }

  @Override
  public String validate(BackboneSpec spec) {
    try (Backbone made = create(spec)) {
      return made.weightDigest();
    }
  }

  @Override
  public Backbone create(BackboneSpec spec) {
    Opened opened = open(spec);
    List<String> taps = opened.info().choose(spec.taps()).stream().distinct().toList();
    return WeightFile.reading(
        spec.requireWeights(),
        file ->
            new Dl4jBackbone(
                opened.info(),
                WeightFile.digest(file),
                taps,
                opened.graph(),
                new ComputationGraph(opened.configuration()),
                opened.zip().parameters()));
  }
}

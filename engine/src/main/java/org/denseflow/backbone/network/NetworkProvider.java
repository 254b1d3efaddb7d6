package org.denseflow.backbone.network;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneInfo.Weights;
import org.denseflow.backbone.BackboneProvider;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Tap;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/** Makes the backbones that are described in {@link Networks}, on ND4J. */
@AutoService(BackboneProvider.class)
public final class NetworkProvider implements BackboneProvider {
  /**
   * Images at a time of the networks that several are faster for. On one core, in ms an image at
   * 320x320 ({@code scripts/bench describe}), one at a time and four: denseflow_s 31.7 and 22.7,
   * squeezenet1_1 23.0 and 16.9; but resnet50_v2 158 and 149, vgg16 516 and 512, where three more
   * images take 375 MB.
   */
  private static final Map<String, Integer> BATCH_SIZES =
      Map.of("denseflow_s", 4, "squeezenet1_1", 4);

  @Override
  public List<String> names() {
    return List.copyOf(Networks.NAMED.keySet());
  }

  @Override
  public BackboneInfo info(BackboneSpec spec) {
    return info(Networks.named(spec.name()));
  }

  static BackboneInfo info(Network network) {
    return new BackboneInfo(
        network.name(),
        network.taps().entrySet().stream()
            .map(tap -> new Tap(tap.getKey(), network.stride(tap.getValue())))
            .toList(),
        network.defaultTap(),
        ShippedWeights.has(network.name()) ? Weights.INCLUDED : Weights.FILE,
        Preprocessing.IMAGENET,
        1,
        Preprocessing.IMAGENET.neutral(),
        BATCH_SIZES.getOrDefault(network.name(), 1),
        BackboneInfo.Regions.POOLED);
  }

  @Override
  public String validate(BackboneSpec spec) {
    Network network = Networks.named(spec.name());
    WeightMap weights = weights(spec);
    NetworkBackbone.check(network, taps(spec), weights);
    return weights.digest();
  }

  @Override
  public Backbone create(BackboneSpec spec) {
    return new NetworkBackbone(Networks.named(spec.name()), taps(spec), weights(spec));
  }

  private List<String> taps(BackboneSpec spec) {
    spec.requireNoInput();
    return info(spec).choose(spec.taps());
  }

  /** From the file that is given, or those that come with the engine. */
  private static WeightMap weights(BackboneSpec spec) {
    return spec.weights().isEmpty() && ShippedWeights.has(spec.name())
        ? ShippedWeights.read(spec.name())
        : WeightFile.read(spec.requireWeights());
  }
}

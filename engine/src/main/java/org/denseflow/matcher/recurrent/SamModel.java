package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.training.Droplink;
import org.denseflow.training.GridSize;
import org.denseflow.transfer.StyleCodec;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The trained networks of SAM-Net. */
public final class SamModel implements RecurrentModel {
  private static final String FEATURES = "features";
  private static final String REDUCED = "reduced";
  private static final String IMAGE = "image";
  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final String FIELDS = "fields.";
  private static final String COSINE = "cosine";

  private final SamShape shape;
  private final Map<String, INDArray> tensors;
  private final Map<String, INDArray> codec;
  private final String digest;
  private final int passes;
  private final double strength;
  private final Map<GridSize, SameDiff> graphs = new HashMap<>();

  private SamModel(
      SamShape shape,
      Map<String, INDArray> tensors,
      Map<String, INDArray> codec,
      String digest,
      int passes,
      double strength) {
    this.shape = shape;
    this.tensors = tensors;
    this.codec = codec;
    this.digest = digest;
    this.passes = passes;
    this.strength = strength;
  }

  /**
   * Reads a model.
   *
   * @param weights digest of the backbone's weights
   * @param passes how often its network is applied
   * @param strength that lambda_l = 1 - exp(-l) is multiplied by
   * @throws WeightException if it is of another system or backbone, or lacks tensors
   */
  public static SamModel read(
      Path model, String backbone, List<String> taps, String weights, int passes, double strength) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, SamLearner.SYSTEM, backbone, taps, weights);
    SamShape shape = SamShape.of(map);
    return new SamModel(
        shape,
        TrainedModel.take(map, shape.tensors()),
        StyleCodec.tensors(model),
        digest,
        passes,
        strength);
  }

  @Override
  public String digest() {
    return digest;
  }

  /** The reduced features and the image as the style network sees it. */
  @Override
  public List<FeatureMap> describe(List<FeatureMap> features, RgbImage image) {
    GridSize grid = Maps.grid(features);
    INDArray joined = FeatureMaps.joined(features);
    features.forEach(FeatureMap::close);
    SameDiff graph = graphs.computeIfAbsent(grid, this::build);
    INDArray reduced = graph.outputSingle(Map.of(FEATURES, Maps.batch(joined, grid)), REDUCED);
    joined.close();
    GridSize pixels = pixels(grid);
    float[] values = Resize.toFloat(image, pixels.width(), pixels.height()).values();
    return List.of(
        Maps.of(REDUCED, grid, reduced),
        new FeatureMap(
            IMAGE,
            pixels.height(),
            pixels.width(),
            3,
            Nd4j.createFromArray(values).divi(255).reshape('c', pixels.cells(), 3)));
  }

  @Override
  public Result match(List<FeatureMap> source, List<FeatureMap> target) {
    GridSize grid = Maps.grid(source);
    GridSize pixels = pixels(grid);
    Map<String, INDArray> inputs =
        Map.of(
            SOURCE,
            Maps.batch(source.get(0).values(), grid),
            TARGET,
            Maps.batch(target.get(0).values(), grid),
            SOURCE + IMAGE,
            Maps.batch(source.get(1).values(), pixels),
            TARGET + IMAGE,
            Maps.batch(target.get(1).values(), pixels));
    List<String> names = new ArrayList<>();

    for (int pass = 0; pass < passes; pass++) {
      names.add(FIELDS + pass);

      if (strength > 0) {
        names.add(IMAGE + pass);
      }
    }

    names.add(COSINE);
    Map<String, INDArray> output = graphs.computeIfAbsent(grid, this::build).output(inputs, names);
    List<float[]> fields = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();

    for (int pass = 0; pass < passes; pass++) {
      fields.add(Maps.read(output.get(FIELDS + pass)));

      if (strength > 0) {
        images.add(
            StyleCodec.image(pixels.width(), pixels.height(), Maps.read(output.get(IMAGE + pass))));
      }
    }

    return new Result(List.copyOf(fields), Maps.read(output.get(COSINE)), List.copyOf(images));
  }

  private GridSize pixels(GridSize grid) {
    return new GridSize(shape.imageSide(grid.height()), shape.imageSide(grid.width()));
  }

  private SameDiff build(GridSize grid) {
    SameDiff graph = SameDiff.create();
    SamNetwork network =
        new SamNetwork(graph, shape, grid, DataType.FLOAT, codec, Optional.empty(), 0, 0);
    int channels = shape.matching().channels();
    graph.identity(
        REDUCED,
        network.reduced(Maps.placeholder(graph, FEATURES, grid, shape.matching().features())));
    SDVariable source = Maps.placeholder(graph, SOURCE, grid, channels);
    SDVariable target = Maps.placeholder(graph, TARGET, grid, channels);
    GridSize pixels = pixels(grid);
    SamNetwork.View own =
        new SamNetwork.View(
            source, network.styled(Maps.placeholder(graph, SOURCE + IMAGE, pixels, 3)));
    SamNetwork.View other =
        new SamNetwork.View(
            target, network.styled(Maps.placeholder(graph, TARGET + IMAGE, pixels, 3)));
    List<SamNetwork.Pass> all =
        network.passes(
            own,
            other,
            passes,
            strength,
            (pass, level, below, skipped) -> Droplink.apply(below, skipped));

    for (int pass = 0; pass < passes; pass++) {
      graph.identity(FIELDS + pass, all.get(pass).fields());

      if (strength > 0) {
        graph.identity(IMAGE + pass, all.get(pass).image());
      }
    }

    SamNetwork.Pass last = all.get(passes - 1);
    network
        .upright(network.together(source, own.levels().code()))
        .mul(last.target())
        .sum(COSINE, 3);
    network.load(tensors);
    return graph;
  }
}

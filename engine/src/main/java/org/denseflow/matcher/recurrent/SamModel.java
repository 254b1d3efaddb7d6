package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.Droplink;
import org.denseflow.graph.GridSize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.style.CodecLearner;
import org.denseflow.style.StyleNetwork;
import org.denseflow.style.StyleShape;
import org.denseflow.style.StyleWeights;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of SAM-Net. */
public final class SamModel implements RecurrentModel {
  private static final String FEATURES = "features";
  private static final String PIXELS = "pixels";
  private static final String REDUCED = "reduced";
  private static final String CODE = "code";
  private static final String LINK = "link.";
  private static final String SOURCE = "source.";
  private static final String TARGET = "target.";

  /** Places among the maps of an image; those that are linked follow. */
  private static final int OF_REDUCED = 0;

  private static final int OF_CODE = 1;
  private static final int OF_LINKS = 2;

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
   * @param passes how often its network is applied
   * @param strength that lambda_l = 1 - exp(-l) is multiplied by
   * @param scale cells of the style features on a side of a cell; the model's own if empty
   * @throws WeightException if it is of another system or backbone, or lacks tensors
   */
  public static SamModel read(
      Path model, BackboneIdentity features, int passes, double strength, Optional<Integer> scale) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, SamLearner.SYSTEM, features);
    StyleWeights codec = StyleWeights.read(model).requireDecoder();
    SamShape stated = SamShape.of(map, codec.shape());
    return new SamModel(
        scale.map(stated::scaled).orElse(stated),
        TrainedModel.take(map, stated.tensors()),
        codec.arrays(0),
        digest,
        passes,
        strength);
  }

  @Override
  public String digest() {
    return digest;
  }

  /** The reduced features, and the style features of the levels that the decoder is linked to. */
  @Override
  public List<FeatureMap> describe(List<FeatureMap> features, RgbImage image) {
    GridSize grid = Maps.grid(features);
    GridSize pixels = pixels(grid);
    List<String> names = new ArrayList<>(List.of(REDUCED, CODE));
    linked().forEach(level -> names.add(LINK + level));

    try (INDArray joined = FeatureMaps.joined(features);
        INDArray resized = CodecLearner.pixels(image, pixels)) {
      features.forEach(FeatureMap::close);
      Map<String, INDArray> output =
          graph(grid).output(Map.of(FEATURES, Maps.batch(joined, grid), PIXELS, resized), names);
      return AllOrNone.of(names, name -> Maps.of(name, output.get(name)));
    }
  }

  /** The levels that are kept of an image: none where nothing is stylised. */
  private List<Integer> linked() {
    int links = strength > 0 ? shape.style().links() : 0;
    return IntStream.range(0, links).boxed().toList();
  }

  @Override
  public List<Result> match(List<FeatureMap> source, List<List<FeatureMap>> targets) {
    List<List<FeatureMap>> sources = Collections.nCopies(targets.size(), source);
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(SOURCE + REDUCED, Maps.stacked(sources, OF_REDUCED));
    inputs.put(SOURCE + CODE, Maps.stacked(sources, OF_CODE));
    inputs.put(TARGET + REDUCED, Maps.stacked(targets, OF_REDUCED));
    inputs.put(TARGET + CODE, Maps.stacked(targets, OF_CODE));
    linked()
        .forEach(
            level -> inputs.put(SOURCE + LINK + level, Maps.stacked(sources, OF_LINKS + level)));
    GridSize grid = Maps.grid(source);
    return outputs(grid).run(graph(grid), inputs, targets.size());
  }

  private PassOutputs outputs(GridSize grid) {
    return new PassOutputs(
        passes, strength > 0 ? Optional.of(pixels(grid)) : Optional.<GridSize>empty());
  }

  private GridSize pixels(GridSize grid) {
    return new GridSize(shape.imageSide(grid.height()), shape.imageSide(grid.width()));
  }

  private SameDiff graph(GridSize grid) {
    return graphs.computeIfAbsent(grid, this::build);
  }

  private SameDiff build(GridSize grid) {
    SameDiff graph = SameDiff.create();
    SamNetwork network =
        new SamNetwork(graph, shape, grid, DataType.FLOAT, codec, Optional.empty(), 0, 0);
    graph.identity(
        REDUCED,
        network.reduced(Maps.placeholder(graph, FEATURES, grid, shape.matching().features())));
    StyleNetwork.Levels levels = network.styled(Maps.placeholder(graph, PIXELS, pixels(grid), 3));
    graph.identity(CODE, levels.code());
    linked().forEach(level -> graph.identity(LINK + level, levels.linked().get(level)));
    SamNetwork.Passes all =
        network.passes(
            view(graph, SOURCE, grid, linked()),
            view(graph, TARGET, grid, List.of()),
            passes,
            strength,
            (pass, level, below, skipped) -> Droplink.apply(below, skipped));
    outputs(grid).declare(graph, all.fields(), all.images(), all.source(), all.last().target());
    network.load(tensors);
    return graph;
  }

  private SamNetwork.View view(SameDiff graph, String image, GridSize grid, List<Integer> linked) {
    StyleShape style = shape.style();
    int scale = shape.scale();
    GridSize cells = new GridSize(scale * grid.height(), scale * grid.width());
    GridSize pixels = pixels(grid);
    List<SDVariable> links = new ArrayList<>();

    for (int level : linked) {
      GridSize own = new GridSize(pixels.height() >> level, pixels.width() >> level);
      links.add(Maps.placeholder(graph, image + LINK + level, own, style.linked(level)));
    }

    return new SamNetwork.View(
        Maps.placeholder(graph, image + REDUCED, grid, shape.matching().channels()),
        new StyleNetwork.Levels(
            links, Maps.placeholder(graph, image + CODE, cells, style.channels())));
  }
}

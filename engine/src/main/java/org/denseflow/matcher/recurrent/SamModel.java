package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.graph.Droplink;
import org.denseflow.graph.GraphCache;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.FeatureMaps;
import org.denseflow.matcher.StyledFeatures;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.style.CodecLearner;
import org.denseflow.style.StyleNetwork;
import org.denseflow.style.StyleShape;
import org.denseflow.style.StyleWeights;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The trained networks of SAM-Net. */
public final class SamModel implements RecurrentModel<StyledFeatures> {
  private static final String FEATURES = "features";
  private static final String PIXELS = "pixels";
  private static final String REDUCED = "reduced";
  private static final String CODE = "code";
  private static final String LINK = "link.";
  private static final String SOURCE = "source.";
  private static final String TARGET = "target.";

  private final SamShape shape;
  private final Map<String, Tensor> tensors;
  private final StyleWeights codec;
  private final String digest;
  private final int passes;
  private final double strength;
  private final GraphCache<Size> graphs = new GraphCache<>(this::graph);

  private SamModel(
      SamShape shape,
      Map<String, Tensor> tensors,
      StyleWeights codec,
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
        codec,
        digest,
        passes,
        strength);
  }

  @Override
  public Class<StyledFeatures> features() {
    return StyledFeatures.class;
  }

  @Override
  public String digest() {
    return digest;
  }

  /** The reduced features, and the style features of the levels that the decoder is linked to. */
  @Override
  public StyledFeatures describe(CellFeatures features, RgbImage image) {
    Size grid = FeatureMapArrays.grid(features.maps().get(0));
    Size pixels = shape.pixels(grid);
    List<String> names = new ArrayList<>(List.of(REDUCED, CODE));
    linked().forEach(level -> names.add(LINK + level));

    try (INDArray joined = FeatureMaps.joined(features.maps());
        INDArray resized = CodecLearner.pixels(image, pixels)) {
      features.close();
      Map<String, INDArray> output =
          graphs
              .get(grid)
              .output(
                  Map.of(FEATURES, FeatureMapArrays.batch(joined, grid), PIXELS, resized), names);
      List<FeatureMap> maps =
          CloseableLists.of(names, name -> FeatureMapArrays.of(name, output.get(name)));
      return StyledFeatures.of(features.size(), maps);
    }
  }

  /** The levels that are kept of an image: none where nothing is stylised. */
  private List<Integer> linked() {
    int links = strength > 0 ? shape.style().links() : 0;
    return IntStream.range(0, links).boxed().toList();
  }

  @Override
  public Size grid(StyledFeatures source) {
    return FeatureMapArrays.grid(source.reduced());
  }

  @Override
  public List<Result> match(StyledFeatures source, List<StyledFeatures> targets) {
    List<StyledFeatures> sources = Collections.nCopies(targets.size(), source);
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(SOURCE + REDUCED, FeatureMapArrays.stacked(sources, StyledFeatures::reduced));
    inputs.put(SOURCE + CODE, FeatureMapArrays.stacked(sources, StyledFeatures::code));
    inputs.put(TARGET + REDUCED, FeatureMapArrays.stacked(targets, StyledFeatures::reduced));
    inputs.put(TARGET + CODE, FeatureMapArrays.stacked(targets, StyledFeatures::code));
    linked()
        .forEach(
            level ->
                inputs.put(
                    SOURCE + LINK + level,
                    FeatureMapArrays.stacked(sources, image -> image.links().get(level))));
    Size grid = grid(source);
    return outputs(grid).run(graphs.get(grid), inputs, targets.size());
  }

  private PassOutputs outputs(Size grid) {
    return new PassOutputs(
        passes, strength > 0 ? Optional.of(shape.pixels(grid)) : Optional.<Size>empty());
  }

  private OwnedGraph graph(Size grid) {
    SameDiff graph = OwnedGraph.empty();
    SamNetwork network =
        new SamNetwork(graph, shape, grid, DataType.FLOAT, codec.arrays(0), Optional.empty(), 0, 0);
    graph.identity(
        REDUCED,
        network.reduced(
            FeatureMapArrays.placeholder(graph, FEATURES, grid, shape.matching().features())));
    StyleNetwork.Levels levels =
        network.styled(FeatureMapArrays.placeholder(graph, PIXELS, shape.pixels(grid), 3));
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
    TrainedModel.load(tensors, network::load);
    return new OwnedGraph(graph);
  }

  @Override
  public void close() {
    graphs.close();
  }

  private SamNetwork.View view(SameDiff graph, String image, Size grid, List<Integer> linked) {
    StyleShape style = shape.style();
    Size cells = grid.times(shape.scale());
    Size pixels = shape.pixels(grid);
    List<SDVariable> links = new ArrayList<>();

    for (int level : linked) {
      Size own = pixels.over(1 << level);
      links.add(
          FeatureMapArrays.placeholder(graph, image + LINK + level, own, style.linked(level)));
    }

    return new SamNetwork.View(
        FeatureMapArrays.placeholder(graph, image + REDUCED, grid, shape.matching().channels()),
        new StyleNetwork.Levels(
            links, FeatureMapArrays.placeholder(graph, image + CODE, cells, style.channels())));
  }
}

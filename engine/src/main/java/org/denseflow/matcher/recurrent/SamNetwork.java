package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.L2Normalisation;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.NeuralPatchBlending;
import org.denseflow.graph.SoftmaxCrossEntropy;
import org.denseflow.graph.Upsampling;
import org.denseflow.graph.WindowCorrelation;
import org.denseflow.style.StyleNetwork;
import org.denseflow.weights.KernelLayout;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The networks of SAM-Net: recurrent matching on mixed features of the source and of the stylised
 * source (Eq. 5-7), neural patch blending (Eq. 8-9), and the decoder whose image is seen in the
 * next pass.
 *
 * <p>Our choices: features are those of a frozen backbone and of VGG-19 together, reduced to one
 * vector a cell; the backbone's part of the stylised image is the source's, whose content it keeps,
 * so that no pass needs the backbone. The confidence is measured after a pass, without dilation and
 * with a temperature, since cosines alone make it nearly the same everywhere.
 */
final class SamNetwork {
  static final String STYLE = "style" + ConvolutionLayers.WEIGHT;

  private final SameDiff graph;
  private final SamShape shape;
  private final Size grid;
  private final DataType type;
  private final RtnNetwork matching;
  private final ConvolutionLayers layers;
  private final Map<String, SDVariable> codec = new HashMap<>();
  private final StyleNetwork style;

  /**
   * Adds the parameters to a graph.
   *
   * @param codec tensors of the style network, kernels {@code [out, in, kH, kW]}
   * @param trained begins the names of those that are trained, the others are constants
   * @param share of the style features in those that are matched, at first
   */
  SamNetwork(
      SameDiff graph,
      SamShape shape,
      Size grid,
      DataType type,
      Map<String, INDArray> codec,
      Optional<String> trained,
      double share,
      long seed) {
    this.graph = graph;
    this.shape = shape;
    this.grid = grid;
    this.type = type;
    this.matching = new RtnNetwork(graph, shape.matching(), grid, type, seed);
    this.layers = new ConvolutionLayers(graph, "", type);
    Random random = new Random(seed + 1);
    int channels = shape.matching().channels();
    float[] projection = new float[shape.style().channels() * channels];

    for (int i = 0; i < projection.length; i++) {
      projection[i] = (float) (share * random.nextGaussian() / Math.sqrt(channels));
    }

    layers.add(STYLE, projection, shape.style().channels(), channels);
    shape
        .style()
        .tensors()
        .keySet()
        .forEach(
            name -> addCodec(name, codec.get(name), trained.filter(name::startsWith).isPresent()));
    this.style = new StyleNetwork(graph, shape.style(), this.codec);
  }

  private void addCodec(String name, INDArray tensor, boolean trained) {
    INDArray values = tensor.castTo(type);
    SDVariable variable = trained ? graph.var(name, values) : graph.constant(name, values);
    codec.put(name, tensor.rank() == 4 ? variable.permute(KernelLayout.applied()) : variable);
  }

  /** The style features of an image, whose sides are {@link SamShape#pixels} of the grid. */
  StyleNetwork.Levels styled(SDVariable image) {
    return style.encode(image, shape.pixels(grid));
  }

  /**
   * What the affine fields transform: features of the backbone and of the image, reduced.
   *
   * @param features of the backbone, reduced, {@code [batch, h, w, channels]}
   * @param code the style features
   */
  SDVariable together(SDVariable features, SDVariable code) {
    int scale = shape.scale();
    int channels = shape.style().channels();
    SDVariable cells =
        code.reshape(-1, grid.height(), scale, grid.width(), (long) scale * channels)
            .sum(2)
            .reshape(-1, grid.cells(), scale, channels)
            .sum(2);
    SDVariable centred = cells.sub(cells.mean(true, 1)).reshape(-1, channels);
    SDVariable unit = L2Normalisation.apply(centred, channels, 1e-6);
    SDVariable reduced = graph.mmul(unit, layers.get(STYLE));
    return features.add(GridCells.unflatten(reduced, grid, shape.matching().channels()));
  }

  /** The backbone's features, reduced. */
  SDVariable reduced(SDVariable map) {
    return matching.features().reduced(map);
  }

  /** The features of receptive fields that are not transformed. */
  private SDVariable upright(SDVariable reduced) {
    return matching.features().described(reduced, matching.features().upright(reduced));
  }

  /**
   * An image and its features.
   *
   * @param features of the backbone, reduced
   * @param levels of its style features
   */
  record View(SDVariable features, StyleNetwork.Levels levels) {}

  /**
   * The result of a pass.
   *
   * @param fields {@code [batch, h·w, 6]}
   * @param target described through them
   * @param stylised features of the stylised source, upright; of the source where nothing is
   *     stylised
   * @param code style features of the same
   * @param image {@code [batch, height, width, 3]}; null where nothing is stylised
   */
  record Pass(
      SDVariable fields,
      SDVariable target,
      SDVariable stylised,
      SDVariable code,
      SDVariable image) {}

  /**
   * The result of all passes.
   *
   * @param source described upright
   */
  record Passes(SDVariable source, List<Pass> passes) {

    Pass last() {
      return passes.get(passes.size() - 1);
    }

    List<SDVariable> fields() {
      return passes.stream().map(Pass::fields).toList();
    }

    List<SDVariable> images() {
      return passes.stream().map(Pass::image).toList();
    }
  }

  /** Mixes the decoder's features with the source's in a pass. */
  interface Droplinks {
    SDVariable apply(int pass, int level, SDVariable below, SDVariable skipped);
  }

  /**
   * Eq. 5-10.
   *
   * @param strength that lambda is multiplied by; with 0 nothing is stylised
   */
  Passes passes(View source, View target, int count, double strength, Droplinks droplinks) {
    SDVariable own = upright(together(source.features(), source.levels().code()));
    SDVariable other = together(target.features(), target.levels().code());
    SDVariable fields = matching.features().upright(other);
    SDVariable described = matching.features().described(other, fields);
    SDVariable stylised = own;
    List<Pass> passes = new ArrayList<>();

    for (int pass = 0; pass < count; pass++) {
      double lambda = strength * (1 - Math.exp(-(pass + 1)));
      SDVariable mixed = own.mul(1 - lambda).add(stylised.mul(lambda));
      fields = matching.next(mixed, described, fields, pass);
      described = matching.features().described(other, fields);
      SDVariable code = source.levels().code();
      SDVariable image = null;

      if (strength > 0) {
        int number = pass;
        SDVariable blended = blended(source, target, fields, confidence(mixed, described), lambda);
        image =
            style.decode(
                blended,
                shape.pixels(grid),
                (level, below) ->
                    droplinks.apply(number, level, below, source.levels().linked().get(level)));
        code = styled(image).code();
        stylised = upright(together(source.features(), code));
      }

      passes.add(new Pass(fields, described, stylised, code, image));
    }

    return new Passes(own, passes);
  }

  /** Eq. 9, {@code [batch, h, w, 1]}. */
  private SDVariable confidence(SDVariable source, SDVariable target) {
    RtnShape window = shape.matching();
    SDVariable scores =
        WindowCorrelation.apply(source, target, grid, window.channels(), window.radius(), 1)
            .mul(shape.temperature());
    double[] centre = new double[window.places()];
    centre[centre.length / 2] = 1;
    SDVariable label = graph.constant(NativeArrays.cast(Nd4j.createFromArray(centre), type));
    return graph.math().exp(SoftmaxCrossEntropy.ofCells(scores, label).neg());
  }

  /** Eq. 8 on the grid of the style features. */
  private SDVariable blended(
      View source, View target, SDVariable fields, SDVariable confidence, double lambda) {
    Size fine = grid.times(shape.scale());
    SDVariable wide = matching.larger(fields, grid, fine);
    SDVariable alpha =
        GridCells.flatten(
            Upsampling.apply(confidence, 1, grid, fine, Upsampling.Corners.EDGES), fine, 1);
    SDVariable patches =
        NeuralPatchBlending.apply(
            target.levels().code(), fine, shape.style().channels(), wide, alpha);
    return source.levels().code().mul(1 - lambda).add(patches.mul(lambda));
  }

  /** Sets the parameters; the codec's are set already. */
  void load(Map<String, INDArray> tensors) {
    matching.load(tensors);
    layers.load(tensors);
  }
}

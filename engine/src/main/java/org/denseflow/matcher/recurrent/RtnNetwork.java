package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.training.AffineReceptiveField;
import org.denseflow.training.ConvolutionLayers;
import org.denseflow.training.GridSize;
import org.denseflow.training.L2Normalisation;
import org.denseflow.training.MaxPooling;
import org.denseflow.training.Upsampling;
import org.denseflow.training.WindowCorrelation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The networks of RTNs: the last layer of the feature extraction, which reads the target through
 * receptive fields that the affine fields transform (Section 4.2), constrained correlation (Eq. 2)
 * and the geometric matching network, a U-Net that estimates residual affine fields (Eq. 3), summed
 * over passes of the one shared network (Eq. 4).
 *
 * <p>Our choices, for frozen backbones of many channels: each image's mean is taken out of its
 * features, and the mean over the window out of the volume, since what all cells share says nothing
 * of where they belong and hides the rest: with it the network learns nothing. The features are
 * reduced by a linear map, and the last convolution is one of its own that starts as the identity,
 * so that at first cosines are about those of the backbone's features. The residuals are in cells;
 * their linear part counts a tenth, which the released code does by learning rates.
 */
final class RtnNetwork {
  /** Added under the root of the volume's norm, as in the released code. */
  private static final double VOLUME_EPSILON = 1e-2;

  private static final double FEATURE_EPSILON = 1e-6;
  private static final double LINEAR_SHARE = 0.1;

  private final SameDiff graph;
  private final RtnShape shape;
  private final GridSize grid;
  private final DataType type;
  private final ConvolutionLayers layers;

  /** Adds the parameters to a graph. */
  RtnNetwork(SameDiff graph, RtnShape shape, GridSize grid, DataType type, long seed) {
    this.graph = graph;
    this.shape = shape;
    this.grid = grid;
    this.type = type;
    this.layers = new ConvolutionLayers(graph, RtnShape.PREFIX, type);
    Random random = new Random(seed);
    addFeatureLayers(random);

    for (int level = 0; level < shape.widths().size(); level++) {
      shape.encoder(level).forEach(layer -> add(layer, random));
    }

    for (int level = shape.widths().size() - 2; level >= 0; level--) {
      shape.decoder(level).forEach(layer -> add(layer, random));
    }

    add(shape.output(), null);
  }

  private void addFeatureLayers(Random random) {
    int channels = shape.channels();
    float[] projection = new float[shape.features() * channels];

    for (int i = 0; i < projection.length; i++) {
      projection[i] = (float) (random.nextGaussian() / Math.sqrt(channels));
    }

    layers.add(RtnShape.REDUCE + ConvolutionLayers.WEIGHT, projection, shape.features(), channels);
    int places = AffineReceptiveField.PLACES;
    float[] last = new float[places * channels * channels];

    for (int c = 0; c < channels; c++) {
      last[((places / 2) * channels + c) * channels + c] = 1;
    }

    layers.add(RtnShape.LAST + ConvolutionLayers.WEIGHT, last, (long) places * channels, channels);
    layers.add(RtnShape.LAST + ConvolutionLayers.BIAS, new float[channels], channels);
  }

  private void add(RtnShape.Layer layer, Random random) {
    layers.add(layer.name(), layer.kernel(), layer.in(), layer.out(), random);
  }

  /**
   * The reduced features, without their image's mean.
   *
   * @param map {@code [batch, h, w, features]}
   * @return {@code [batch, h, w, channels]}
   */
  SDVariable reduced(SDVariable map) {
    SDVariable cells = grid.flatten(map, shape.features());
    SDVariable centred = cells.sub(cells.mean(true, 1)).reshape(-1, shape.features());
    SDVariable weight = layers.get(RtnShape.REDUCE + ConvolutionLayers.WEIGHT);
    return grid.unflatten(graph.mmul(centred, weight), shape.channels());
  }

  /** As many fields that change nothing, {@code [batch, h·w, 6]}. */
  SDVariable upright(SDVariable map) {
    SDVariable none =
        graph.constant(Nd4j.zeros(type, shape.channels(), AffineReceptiveField.PARAMETERS));
    return graph
        .mmul(map.reshape(-1, shape.channels()), none)
        .reshape(-1, grid.cells(), AffineReceptiveField.PARAMETERS);
  }

  /**
   * Section 4.2: features of the transformed receptive fields, L2-normalised.
   *
   * @param reduced {@code [batch, h, w, channels]}
   * @param fields {@code [batch, h·w, 6]}
   * @return {@code [batch, h, w, channels]}
   */
  SDVariable described(SDVariable reduced, SDVariable fields) {
    int channels = shape.channels();
    SDVariable seen =
        AffineReceptiveField.sample(reduced, grid, channels, fields)
            .reshape(-1, AffineReceptiveField.PLACES * channels);
    SDVariable out =
        graph
            .mmul(seen, layers.get(RtnShape.LAST + ConvolutionLayers.WEIGHT))
            .add(layers.get(RtnShape.LAST + ConvolutionLayers.BIAS));
    return grid.unflatten(L2Normalisation.apply(out, channels, FEATURE_EPSILON), channels);
  }

  /** What a pass ends with. */
  record Pass(SDVariable fields, SDVariable target) {}

  /**
   * Eq. 4.
   *
   * @param source described upright, {@code [batch, h, w, channels]}
   * @param target reduced, {@code [batch, h, w, channels]}
   * @param count K_max
   * @return after each pass the fields and the target described through them
   */
  List<Pass> passes(SDVariable source, SDVariable target, int count) {
    List<Pass> passes = new ArrayList<>();
    SDVariable fields = upright(target);
    SDVariable described = described(target, fields);

    for (int pass = 0; pass < count; pass++) {
      fields = next(source, described, fields, pass);
      described = described(target, fields);
      passes.add(new Pass(fields, described));
    }

    return passes;
  }

  /**
   * The fields after one more pass.
   *
   * @param source described upright
   * @param target described through the fields
   * @param pass counted from 0
   */
  SDVariable next(SDVariable source, SDVariable target, SDVariable fields, int pass) {
    SDVariable volume =
        WindowCorrelation.apply(
            source, target, grid, shape.channels(), shape.radius(), shape.dilation(pass));
    return fields.add(residual(normalised(volume)));
  }

  /** Without the mean over the window, and with a root mean square of 1. */
  private SDVariable normalised(SDVariable volume) {
    int places = shape.places();
    double[][] centring = new double[places][places];

    for (int i = 0; i < places; i++) {
      Arrays.fill(centring[i], -1.0 / places);
      centring[i][i] += 1;
    }

    SDVariable matrix = graph.constant(Nd4j.createFromArray(centring).castTo(type));
    SDVariable centred = graph.mmul(volume.reshape(-1, places), matrix);
    return grid.unflatten(
        L2Normalisation.apply(centred, places, VOLUME_EPSILON).mul(Math.sqrt(places)), places);
  }

  /** Eq. 3, {@code [batch, h·w, 6]}. */
  private SDVariable residual(SDVariable volume) {
    List<SDVariable> encoded = new ArrayList<>();
    List<GridSize> grids = new ArrayList<>();
    SDVariable map = volume;
    GridSize size = grid;

    for (int level = 0; level < shape.widths().size(); level++) {
      if (level > 0) {
        map = MaxPooling.halved(map);
        size = size.halved();
      }

      map = apply(shape.encoder(level), map);
      encoded.add(map);
      grids.add(size);
    }

    for (int level = shape.widths().size() - 2; level >= 0; level--) {
      int below = shape.widths().get(level + 1);
      SDVariable wide =
          Upsampling.apply(
              map, below, grids.get(level + 1), grids.get(level), Upsampling.Corners.EDGES);
      map = apply(shape.decoder(level), graph.concat(3, wide, encoded.get(level)));
    }

    double[] scale = {LINEAR_SHARE, LINEAR_SHARE, 1, LINEAR_SHARE, LINEAR_SHARE, 1};
    return layers
        .convolve(RtnShape.OUTPUT, map, 1)
        .reshape(-1, grid.cells(), AffineReceptiveField.PARAMETERS)
        .mul(graph.constant(Nd4j.createFromArray(scale).castTo(type)));
  }

  private SDVariable apply(List<RtnShape.Layer> pair, SDVariable map) {
    for (RtnShape.Layer layer : pair) {
      map = graph.nn().relu(layers.convolve(layer.name(), map, 1), 0);
    }

    return map;
  }

  /** Sets the parameters. */
  void load(Map<String, INDArray> tensors) {
    layers.load(tensors);
  }
}

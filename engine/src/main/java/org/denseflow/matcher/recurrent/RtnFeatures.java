package org.denseflow.matcher.recurrent;

import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.AffineReceptiveField;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.L2Normalisation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The last layer of RTNs' feature extraction on one grid, which reads a map through receptive
 * fields that affine fields transform (Section 4.2).
 *
 * <p>Our choices, for frozen backbones of many channels: each image's mean is taken out of its
 * features, since what all cells share does not tell where they belong; they are reduced by a
 * linear map, and the last convolution is one of its own that starts as the identity, so that at
 * first cosines are about those of the backbone's features.
 */
final class RtnFeatures {
  private static final double EPSILON = 1e-6;

  private final SameDiff graph;
  private final RtnShape shape;
  private final Size grid;
  private final DataType type;
  private final ConvolutionLayers layers;
  private final String prefix;

  /**
   * Adds the parameters to a graph.
   *
   * @param layers gets them
   * @param prefix begins their names
   */
  RtnFeatures(
      SameDiff graph,
      RtnShape shape,
      Size grid,
      DataType type,
      ConvolutionLayers layers,
      String prefix,
      Random random) {
    this.graph = graph;
    this.shape = shape;
    this.grid = grid;
    this.type = type;
    this.layers = layers;
    this.prefix = prefix;
    addLayers(random);
  }

  Size grid() {
    return grid;
  }

  private void addLayers(Random random) {
    int channels = shape.channels();
    float[] projection = new float[shape.features() * channels];

    for (int i = 0; i < projection.length; i++) {
      projection[i] = (float) (random.nextGaussian() / Math.sqrt(channels));
    }

    layers.add(
        prefix + RtnShape.REDUCE + ConvolutionLayers.WEIGHT,
        projection,
        shape.features(),
        channels);
    int places = AffineReceptiveField.PLACES;
    float[] last = new float[places * channels * channels];

    for (int c = 0; c < channels; c++) {
      last[((places / 2) * channels + c) * channels + c] = 1;
    }

    layers.add(
        prefix + RtnShape.LAST + ConvolutionLayers.WEIGHT,
        last,
        (long) places * channels,
        channels);
    layers.add(prefix + RtnShape.LAST + ConvolutionLayers.BIAS, new float[channels], channels);
  }

  /**
   * The reduced features, without their image's mean.
   *
   * @param map {@code [batch, h, w, features]}
   * @return {@code [batch, h, w, channels]}
   */
  SDVariable reduced(SDVariable map) {
    SDVariable cells = GridCells.flatten(map, grid, shape.features());
    SDVariable centred = cells.sub(cells.mean(true, 1)).reshape(-1, shape.features());
    SDVariable weight = layers.get(prefix + RtnShape.REDUCE + ConvolutionLayers.WEIGHT);
    return GridCells.unflatten(graph.mmul(centred, weight), grid, shape.channels());
  }

  /** A field that changes nothing for each cell of a map, {@code [batch, h·w, 6]}. */
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
            .mmul(seen, layers.get(prefix + RtnShape.LAST + ConvolutionLayers.WEIGHT))
            .add(layers.get(prefix + RtnShape.LAST + ConvolutionLayers.BIAS));
    return GridCells.unflatten(L2Normalisation.apply(out, channels, EPSILON), grid, channels);
  }
}

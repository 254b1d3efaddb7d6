package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.AffineReceptiveField;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.L2Normalisation;
import org.denseflow.graph.MaxPooling;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.Upsampling;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The geometric matching network of RTNs (Eq. 3): a U-Net that estimates residual affine fields
 * from a constrained correlation volume, on grids of any size.
 *
 * <p>Our choices: the mean over the window is taken out of the volume, since what all places share
 * hides the rest: with it the network learns nothing. The residuals are in cells; their linear part
 * counts a tenth, which the released code does by learning rates.
 */
final class GeometryNetwork {
  /** Added under the root of the volume's norm, as in the released code. */
  private static final double EPSILON = 1e-2;

  private static final double LINEAR_SHARE = 0.1;

  private final SameDiff graph;
  private final RtnShape shape;
  private final DataType type;
  private final ConvolutionLayers layers;

  /**
   * Adds the parameters to a graph.
   *
   * @param layers gets them
   */
  GeometryNetwork(
      SameDiff graph, RtnShape shape, DataType type, ConvolutionLayers layers, Random random) {
    this.graph = graph;
    this.shape = shape;
    this.type = type;
    this.layers = layers;

    for (int level = 0; level < shape.widths().size(); level++) {
      shape.encoder(level).forEach(layer -> add(layer, random));
    }

    for (int level = shape.widths().size() - 2; level >= 0; level--) {
      shape.decoder(level).forEach(layer -> add(layer, random));
    }

    add(shape.output(), null);
  }

  private void add(RtnShape.Layer layer, Random random) {
    layers.add(layer.name(), layer.kernel(), layer.in(), layer.out(), random);
  }

  /**
   * Eq. 3.
   *
   * @param volume {@code [batch, h, w, places]}
   * @param grid its h and w
   * @return {@code [batch, h·w, 6]}
   */
  SDVariable residual(SDVariable volume, Size grid) {
    List<SDVariable> encoded = new ArrayList<>();
    List<Size> grids = new ArrayList<>();
    SDVariable map = normalised(volume, grid);
    Size size = grid;

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
        .mul(graph.constant(NativeArrays.cast(Nd4j.createFromArray(scale), type)));
  }

  /** Without the mean over the window, and with a root mean square of 1. */
  private SDVariable normalised(SDVariable volume, Size grid) {
    int places = shape.places();
    double[][] centring = new double[places][places];

    for (int i = 0; i < places; i++) {
      Arrays.fill(centring[i], -1.0 / places);
      centring[i][i] += 1;
    }

    SDVariable matrix = graph.constant(NativeArrays.cast(Nd4j.createFromArray(centring), type));
    SDVariable centred = graph.mmul(volume.reshape(-1, places), matrix);
    return GridCells.unflatten(
        L2Normalisation.apply(centred, places, EPSILON).mul(Math.sqrt(places)), grid, places);
  }

  private SDVariable apply(List<RtnShape.Layer> pair, SDVariable map) {
    for (RtnShape.Layer layer : pair) {
      map = graph.nn().relu(layers.convolve(layer.name(), map, 1), 0);
    }

    return map;
  }
}

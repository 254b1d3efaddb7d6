package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.AffineReceptiveField;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.Upsampling;
import org.denseflow.graph.WindowCorrelation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The networks of RTNs: features of transformed receptive fields (Section 4.2), constrained
 * correlation (Eq. 2) and residual affine fields (Eq. 3), summed over passes of the one shared
 * network (Eq. 4).
 *
 * <p>The first passes may be on a grid of half the width and height, as in the released code. Our
 * choice: its features are the mean of four cells of the finer ones, reduced by a linear map of its
 * own.
 */
final class RtnNetwork {
  private final SameDiff graph;
  private final RtnShape shape;
  private final DataType type;
  private final ConvolutionLayers layers;
  private final List<RtnFeatures> levels = new ArrayList<>();
  private final GeometryNetwork geometry;

  /** Adds the parameters to a graph. */
  RtnNetwork(SameDiff graph, RtnShape shape, Size grid, DataType type, long seed) {
    this.graph = graph;
    this.shape = shape;
    this.type = type;
    this.layers = new ConvolutionLayers(graph, RtnShape.PREFIX, type);
    Random random = new Random(seed);
    levels.add(new RtnFeatures(graph, shape, grid, type, layers, "", random));
    this.geometry = new GeometryNetwork(graph, shape, type, layers, random);

    if (shape.coarsePasses() > 0) {
      String prefix = RtnShape.COARSE;
      levels.add(new RtnFeatures(graph, shape, grid.halved(), type, layers, prefix, random));
    }
  }

  /** The features on the finest grid. */
  RtnFeatures features() {
    return levels.get(0);
  }

  /** The features on each grid, the finest first. */
  List<RtnFeatures> levels() {
    return List.copyOf(levels);
  }

  /**
   * An image's features on a grid.
   *
   * @param reduced {@code [batch, h, w, channels]}, which fields transform
   * @param described by receptive fields that are not transformed, {@code [batch, h, w, channels]}
   */
  record View(SDVariable reduced, SDVariable described) {}

  /**
   * Views of an image on each grid, the finest first.
   *
   * @param map the backbone's, {@code [batch, h, w, features]}
   */
  List<View> views(SDVariable map) {
    List<View> views = new ArrayList<>();

    for (RtnFeatures level : levels) {
      Size finest = features().grid();
      SDVariable own =
          level == features() ? map : resized(map, shape.features(), finest, level.grid());
      SDVariable reduced = level.reduced(own);
      views.add(new View(reduced, level.described(reduced, level.upright(reduced))));
    }

    return views;
  }

  /**
   * The result of all passes, on the finest grid.
   *
   * @param fields after each pass, {@code [batch, h·w, 6]}
   * @param target described through the last
   */
  record Passes(List<SDVariable> fields, SDVariable target) {}

  /**
   * Eq. 4.
   *
   * @param source on each grid
   * @param target on each grid
   * @param count K_max
   */
  Passes passes(List<View> source, List<View> target, int count) {
    List<SDVariable> finest = new ArrayList<>();
    int level = levels.size() - 1;
    SDVariable fields = levels.get(level).upright(target.get(level).reduced());
    SDVariable described = target.get(level).described();

    for (int pass = 0; pass < count; pass++) {
      if (level > 0 && pass == shape.coarsePasses()) {
        level = 0;
        fields = finest.get(pass - 1);
        described = features().described(target.get(0).reduced(), fields);
      }

      fields = next(levels.get(level), source.get(level).described(), described, fields, pass);
      described = levels.get(level).described(target.get(level).reduced(), fields);
      finest.add(larger(fields, levels.get(level).grid(), features().grid()));
    }

    SDVariable last = finest.get(count - 1);
    return new Passes(
        List.copyOf(finest),
        level == 0 ? described : features().described(target.get(0).reduced(), last));
  }

  /**
   * The fields after one more pass on the finest grid.
   *
   * @param source described upright
   * @param target described through the fields
   * @param pass counted from 0
   */
  SDVariable next(SDVariable source, SDVariable target, SDVariable fields, int pass) {
    return next(features(), source, target, fields, pass);
  }

  private SDVariable next(
      RtnFeatures level, SDVariable source, SDVariable target, SDVariable fields, int pass) {
    Size grid = level.grid();
    SDVariable volume =
        WindowCorrelation.apply(
            source, target, grid, shape.channels(), shape.radius(), shape.dilation(pass));
    return fields.add(geometry.residual(volume, grid));
  }

  /** Fields in cells of another grid. */
  SDVariable larger(SDVariable fields, Size from, Size to) {
    if (from.equals(to)) {
      return fields;
    }

    int parameters = AffineReceptiveField.PARAMETERS;
    double x = (double) to.width() / from.width();
    double y = (double) to.height() / from.height();
    double[] cells = {1, x / y, x, y / x, 1, y};
    return GridCells.flatten(
            resized(GridCells.unflatten(fields, from, parameters), parameters, from, to),
            to,
            parameters)
        .mul(graph.constant(NativeArrays.cast(Nd4j.createFromArray(cells), type)));
  }

  private static SDVariable resized(SDVariable map, int channels, Size from, Size to) {
    return Upsampling.apply(map, channels, from, to, Upsampling.Corners.EDGES);
  }

  /** Sets the parameters. */
  void load(Map<String, INDArray> tensors) {
    layers.load(tensors);
  }
}

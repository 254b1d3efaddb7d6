package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.graph.ConvolutionBlock;
import org.denseflow.graph.ConvolutionBlock.Activation;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * The structure of one tap's adaptation layers and the names of their tensors.
 *
 * @param channels of the tap
 */
record AdapterLayout(String tap, SfnetParameters.Adapter adapter, int channels) {

  /**
   * A convolution with its normalisation. Our choice: no bias, which the released code has, since
   * the normalisation that follows takes it away again.
   */
  record Block(String name, ConvolutionBlock.Shape shape) {

    private static Block of(String name, int kernel, int in, int out, Activation activation) {
      return new Block(
          name,
          new ConvolutionBlock.Shape(kernel, in, out, ConvolutionBlock.Bias.NONE, activation));
    }

    String weightName() {
      return AdapterLayout.weightName(name);
    }

    private void addTensors(Map<String, int[]> to) {
      int out = shape.out();
      to.put(weightName(), new int[] {shape.kernel(), shape.kernel(), shape.in(), out});
      to.put(name + ".norm.weight", new int[] {out});
      to.put(name + ".norm.bias", new int[] {out});
      to.put(Statistic.meanName(name), new int[] {out});
      to.put(Statistic.varianceName(name), new int[] {out});
    }
  }

  /**
   * The layout that a model has for a tap.
   *
   * @throws WeightException if it has none
   */
  static AdapterLayout of(WeightMap model, String tap) {
    String first = unitName(tap, 0);
    boolean bottleneck = model.names().contains(weightName(spatial(first)));
    int units = 1;

    while (model.names().contains(weightName(unitName(tap, units)))
        || model.names().contains(weightName(spatial(unitName(tap, units))))) {
      units++;
    }

    if (!bottleneck) {
      int[] shape = kernelShape(model, first);
      return new AdapterLayout(
          tap, new SfnetParameters.Adapter(shape[0], units, Optional.empty()), shape[2]);
    }

    int[] shape = kernelShape(model, spatial(first));
    return new AdapterLayout(
        tap,
        new SfnetParameters.Adapter(shape[0], units, Optional.of(shape[2])),
        kernelShape(model, reduce(first))[2]);
  }

  /**
   * The residual units, each the blocks whose result is added to the unit's input: one as in the
   * paper, or three with a bottleneck. The bottleneck's last block has no ReLU, as in a residual
   * network's, so that it can take away as well as add.
   */
  List<List<Block>> units() {
    List<List<Block>> units = new ArrayList<>();

    for (int i = 0; i < adapter.units(); i++) {
      String name = unitName(tap, i);
      units.add(
          adapter.width().isPresent()
              ? bottleneck(name, adapter.width().get())
              : List.of(Block.of(name, adapter.kernel(), channels, channels, Activation.RELU)));
    }

    return units;
  }

  /** Names and shapes of the tensors. */
  Map<String, int[]> tensors() {
    Map<String, int[]> tensors = new LinkedHashMap<>();
    units().forEach(unit -> unit.forEach(block -> block.addTensors(tensors)));
    return tensors;
  }

  private List<Block> bottleneck(String name, int width) {
    return List.of(
        Block.of(reduce(name), 1, channels, width, Activation.RELU),
        Block.of(spatial(name), adapter.kernel(), width, width, Activation.RELU),
        Block.of(name + ".expand", 1, width, channels, Activation.NONE));
  }

  private static int[] kernelShape(WeightMap model, String block) {
    Tensor tensor = model.tensors().get(weightName(block));

    if (tensor == null || tensor.shape().length != 4) {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot use model %s: it has no tensor %s [kH, kW, in, out]"
              .formatted(model.file(), weightName(block)));
    }

    return tensor.shape();
  }

  static String unitName(String tap, int unit) {
    return "adapter.%s.%d".formatted(tap, unit);
  }

  private static String reduce(String unit) {
    return unit + ".reduce";
  }

  private static String spatial(String unit) {
    return unit + ".spatial";
  }

  static String weightName(String block) {
    return block + ".conv.weight";
  }
}

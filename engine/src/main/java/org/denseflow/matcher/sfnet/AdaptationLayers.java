package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.training.ConvolutionBlock;
import org.denseflow.training.ConvolutionBlock.Activation;
import org.denseflow.training.TrainingGraph.Statistic;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The trained adaptation layers of one tap, SFNet, Section 4.1: residual units x +
 * ReLU(BN(conv(x))), or with bottlenecks. The normalisations are folded into the convolutions'
 * weights.
 */
final class AdaptationLayers implements AutoCloseable {
  private static final WorkspaceConfiguration WORKSPACE =
      WorkspaceConfiguration.builder()
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyAllocation(AllocationPolicy.STRICT)
          .build();

  private final String tap;
  private final int channels;
  private final List<List<Folded>> units = new ArrayList<>();

  /**
   * Takes the layers of a tap out of a model.
   *
   * @param share of each unit's change that is added to its input, 1 as trained
   * @throws org.denseflow.weights.WeightException if a tensor is missing or has another shape
   */
  AdaptationLayers(
      String tap, SfnetParameters.Adapter adapter, int channels, WeightMap model, double share) {
    this.tap = tap;
    this.channels = channels;
    model.requireAll(tensors(tap, adapter, channels));

    for (List<Block> unit : units(tap, adapter, channels)) {
      Block last = unit.get(unit.size() - 1);
      units.add(
          unit.stream().map(block -> Folded.of(block, model, block == last ? share : 1)).toList());
    }
  }

  /**
   * A convolution with its normalisation, in training and in inference. Our choice: no bias, which
   * the released code has, since the normalisation that follows takes it away again.
   */
  record Block(String name, ConvolutionBlock.Shape shape) {

    private static Block of(String name, int kernel, int in, int out, Activation activation) {
      return new Block(
          name,
          new ConvolutionBlock.Shape(kernel, in, out, ConvolutionBlock.Bias.NONE, activation));
    }
  }

  /**
   * The residual units of a tap, each the blocks whose result is added to the unit's input: one as
   * in the paper, or three with a bottleneck. The bottleneck's last block has no ReLU, as in a
   * residual network's, so that it can take away as well as add.
   */
  static List<List<Block>> units(String tap, SfnetParameters.Adapter adapter, int channels) {
    List<List<Block>> units = new ArrayList<>();

    for (int i = 0; i < adapter.units(); i++) {
      String name = unitName(tap, i);
      units.add(
          adapter
              .width()
              .map(width -> bottleneck(name, adapter.kernel(), channels, width))
              .orElseGet(
                  () ->
                      List.of(
                          Block.of(name, adapter.kernel(), channels, channels, Activation.RELU))));
    }

    return units;
  }

  private static List<Block> bottleneck(String name, int kernel, int channels, int width) {
    return List.of(
        Block.of(name + ".reduce", 1, channels, width, Activation.RELU),
        Block.of(name + ".spatial", kernel, width, width, Activation.RELU),
        Block.of(name + ".expand", 1, width, channels, Activation.NONE));
  }

  /**
   * What adapter a model has for a tap.
   *
   * @throws WeightException if it has none
   */
  static SfnetParameters.Adapter adapter(WeightMap model, String tap) {
    String name = unitName(tap, 0);
    boolean bottleneck = model.names().contains(weightName(name + ".spatial"));
    String first = bottleneck ? name + ".spatial" : name;
    int[] shape = kernelShape(model, first);
    int units = 1;

    while (model.names().contains(weightName(first.replace(name, unitName(tap, units))))) {
      units++;
    }

    return new SfnetParameters.Adapter(
        shape[0], units, bottleneck ? Optional.of(shape[2]) : Optional.empty());
  }

  /** The channels that a model has for a tap. */
  static int channels(WeightMap model, String tap) {
    String name = unitName(tap, 0);
    return adapter(model, tap).width().isPresent()
        ? kernelShape(model, name + ".reduce")[2]
        : kernelShape(model, name)[2];
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

  private static String unitName(String tap, int unit) {
    return "adapter.%s.%d".formatted(tap, unit);
  }

  private static String weightName(String block) {
    return block + ".conv.weight";
  }

  /** Names and shapes of the tensors of a tap. */
  static Map<String, int[]> tensors(String tap, SfnetParameters.Adapter adapter, int channels) {
    Map<String, int[]> tensors = new LinkedHashMap<>();

    for (List<Block> unit : units(tap, adapter, channels)) {
      for (Block block : unit) {
        ConvolutionBlock.Shape shape = block.shape();
        String name = block.name();
        tensors.put(
            weightName(name), new int[] {shape.kernel(), shape.kernel(), shape.in(), shape.out()});
        tensors.put(name + ".norm.weight", new int[] {shape.out()});
        tensors.put(name + ".norm.bias", new int[] {shape.out()});
        tensors.put(Statistic.meanName(name), new int[] {shape.out()});
        tensors.put(Statistic.varianceName(name), new int[] {shape.out()});
      }
    }

    return tensors;
  }

  /**
   * Adapts a map.
   *
   * @param cells {@code [height·width, channels]}
   * @return an array of the same shape outside any workspace
   */
  INDArray apply(INDArray cells, int height, int width) {
    INDArray result =
        Nd4j.createUninitialized(cells.dataType(), new long[] {cells.size(0), channels}, 'c');

    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "adaptation-" + tap)) {
      INDArray x = cells.reshape('c', 1, height, width, channels);

      for (List<Folded> unit : units) {
        INDArray out = x;

        for (Folded block : unit) {
          out = block.apply(out);
        }

        x = out.addi(x);
      }

      result.assign(x.reshape('c', cells.size(0), channels));
    }

    return result;
  }

  @Override
  public void close() {
    units.forEach(unit -> unit.forEach(Folded::close));
  }

  /** A block with its normalisation folded in. */
  private record Folded(ConvolutionBlock.Shape shape, INDArray weight, INDArray bias)
      implements AutoCloseable {

    static Folded of(Block block, WeightMap model, double share) {
      ConvolutionBlock.Shape shape = block.shape();
      String name = block.name();
      int kernel = shape.kernel();
      int out = shape.out();
      float[] scale = model.take(name + ".norm.weight", out).values();
      float[] shift = model.take(name + ".norm.bias", out).values();
      float[] mean = model.take(Statistic.meanName(name), out).values();
      float[] variance = model.take(Statistic.varianceName(name), out).values();
      float[] weight =
          model.take(weightName(name), kernel, kernel, shape.in(), out).values().clone();
      float[] bias = new float[out];
      float[] factor = new float[out];

      for (int c = 0; c < out; c++) {
        factor[c] = (float) (share * scale[c] / Math.sqrt(variance[c] + ConvolutionBlock.EPSILON));
        bias[c] = (float) (share * shift[c]) - mean[c] * factor[c];
      }

      for (int i = 0; i < weight.length; i++) {
        weight[i] *= factor[i % out];
      }

      return new Folded(
          shape,
          Nd4j.createFromArray(weight).reshape('c', kernel, kernel, shape.in(), out),
          Nd4j.createFromArray(bias));
    }

    /** The block's output {@code [1, height, width, out]}. */
    INDArray apply(INDArray x) {
      INDArray out =
          Nd4j.createUninitialized(
              x.dataType(), new long[] {1, x.size(1), x.size(2), shape.out()}, 'c');
      int kernel = shape.kernel();
      Nd4j.exec(
          DynamicCustomOp.builder("conv2d")
              .addInputs(x, weight, bias)
              .addOutputs(out)
              .addIntegerArguments(kernel, kernel, 1, 1, 0, 0, 1, 1, 1, 1)
              .build());

      if (shape.activation() == Activation.RELU) {
        Nd4j.exec(
            DynamicCustomOp.builder("relu")
                .addInputs(out)
                .addOutputs(out)
                .addFloatingPointArguments(0.0)
                .build());
      }

      return out;
    }

    @Override
    public void close() {
      weight.close();
      bias.close();
    }
  }
}

package org.denseflow.matcher.sfnet;

import java.util.LinkedHashMap;
import java.util.Map;
import org.denseflow.training.ConvolutionBlock;
import org.denseflow.training.TrainingGraph.Statistic;
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
 * ReLU(BN(conv(x))). The normalisation is folded into the convolution's weights.
 */
final class AdaptationLayers implements AutoCloseable {
  private static final WorkspaceConfiguration WORKSPACE =
      WorkspaceConfiguration.builder()
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policyAllocation(AllocationPolicy.STRICT)
          .build();

  private final int kernel;
  private final int channels;
  private final INDArray[] weights;
  private final INDArray[] biases;

  /**
   * Takes the layers of a tap out of a model.
   *
   * @throws org.denseflow.weights.WeightException if a tensor is missing or has another shape
   */
  AdaptationLayers(String tap, SfnetParameters.Adapter adapter, int channels, WeightMap model) {
    this.kernel = adapter.kernel();
    this.channels = channels;
    this.weights = new INDArray[adapter.units()];
    this.biases = new INDArray[adapter.units()];
    model.requireAll(tensors(tap, adapter, channels));

    for (int unit = 0; unit < adapter.units(); unit++) {
      fold(unitName(tap, unit), unit, model);
    }
  }

  /**
   * The block of a unit, in training and in inference. Our choice: no bias, which the released code
   * has, since the normalisation that follows takes it away again.
   */
  static ConvolutionBlock.Shape shape(int kernel, int channels) {
    return new ConvolutionBlock.Shape(
        kernel, channels, channels, ConvolutionBlock.Bias.NONE, ConvolutionBlock.Activation.RELU);
  }

  static String unitName(String tap, int unit) {
    return "adapter.%s.%d".formatted(tap, unit);
  }

  /** Names and shapes of the tensors of a tap. */
  static Map<String, int[]> tensors(String tap, SfnetParameters.Adapter adapter, int channels) {
    Map<String, int[]> tensors = new LinkedHashMap<>();
    int side = adapter.kernel();

    for (int unit = 0; unit < adapter.units(); unit++) {
      String name = unitName(tap, unit);
      tensors.put(name + ".conv.weight", new int[] {side, side, channels, channels});
      tensors.put(name + ".norm.weight", new int[] {channels});
      tensors.put(name + ".norm.bias", new int[] {channels});
      tensors.put(Statistic.meanName(name), new int[] {channels});
      tensors.put(Statistic.varianceName(name), new int[] {channels});
    }

    return tensors;
  }

  private void fold(String name, int unit, WeightMap model) {
    float[] scale = model.take(name + ".norm.weight", channels).values();
    float[] shift = model.take(name + ".norm.bias", channels).values();
    float[] mean = model.take(Statistic.meanName(name), channels).values();
    float[] variance = model.take(Statistic.varianceName(name), channels).values();
    float[] weight =
        model.take(name + ".conv.weight", kernel, kernel, channels, channels).values().clone();
    float[] folded = new float[channels];
    float[] factor = new float[channels];

    for (int c = 0; c < channels; c++) {
      factor[c] = (float) (scale[c] / Math.sqrt(variance[c] + ConvolutionBlock.EPSILON));
      folded[c] = shift[c] - mean[c] * factor[c];
    }

    for (int i = 0; i < weight.length; i++) {
      weight[i] *= factor[i % channels];
    }

    weights[unit] = Nd4j.createFromArray(weight).reshape('c', kernel, kernel, channels, channels);
    biases[unit] = Nd4j.createFromArray(folded);
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
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "adaptation-" + kernel)) {
      INDArray x = cells.reshape('c', 1, height, width, channels);

      for (int unit = 0; unit < weights.length; unit++) {
        INDArray out = Nd4j.createUninitialized(x.dataType(), x.shape(), 'c');
        Nd4j.exec(
            DynamicCustomOp.builder("conv2d")
                .addInputs(x, weights[unit], biases[unit])
                .addOutputs(out)
                .addIntegerArguments(kernel, kernel, 1, 1, 0, 0, 1, 1, 1, 1)
                .build());
        Nd4j.exec(
            DynamicCustomOp.builder("relu")
                .addInputs(out)
                .addOutputs(out)
                .addFloatingPointArguments(0.0)
                .build());
        out.addi(x);
        x = out;
      }

      result.assign(x.reshape('c', cells.size(0), channels));
    }

    return result;
  }

  @Override
  public void close() {
    for (int unit = 0; unit < weights.length; unit++) {
      weights[unit].close();
      biases[unit].close();
    }
  }
}

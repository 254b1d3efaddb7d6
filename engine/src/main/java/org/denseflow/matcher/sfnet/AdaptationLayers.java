package org.denseflow.matcher.sfnet;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.ScaleAndShift;
import org.denseflow.geometry.Size;
import org.denseflow.graph.ConvolutionBlock;
import org.denseflow.graph.ConvolutionBlock.Activation;
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

  private final AdapterLayout layout;
  private final List<List<Folded>> units = new ArrayList<>();

  /**
   * Takes the layers of a tap out of a model.
   *
   * @param share of each unit's change that is added to its input, 1 as trained
   * @throws org.denseflow.weights.WeightException if a tensor is missing or has another shape
   */
  AdaptationLayers(AdapterLayout layout, WeightMap model, double share) {
    this.layout = layout;
    model.requireAll(layout.tensors());

    for (List<AdapterLayout.Block> unit : layout.units()) {
      AdapterLayout.Block last = unit.get(unit.size() - 1);
      units.add(
          unit.stream().map(block -> Folded.of(block, model, block == last ? share : 1)).toList());
    }
  }

  /**
   * Adapts a map.
   *
   * @param cells {@code [height·width, channels]}
   * @return an array of the same shape outside any workspace
   */
  INDArray apply(INDArray cells, Size grid) {
    INDArray result =
        Nd4j.createUninitialized(
            cells.dataType(), new long[] {cells.size(0), layout.channels()}, 'c');

    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, workspace())) {
      INDArray x = cells.reshape('c', 1, grid.height(), grid.width(), layout.channels());

      for (List<Folded> unit : units) {
        INDArray out = x;

        for (Folded block : unit) {
          out = block.apply(out);
        }

        x = out.addi(x);
      }

      result.assign(x.reshape('c', cells.size(0), layout.channels()));
    }

    return result;
  }

  private String workspace() {
    return "adaptation-" + layout.tap();
  }

  @Override
  public void close() {
    units.forEach(unit -> unit.forEach(Folded::close));
    Nd4j.getWorkspaceManager()
        .destroyWorkspace(
            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(WORKSPACE, workspace()));
  }

  /** A block with its normalisation folded in. */
  private record Folded(ConvolutionBlock.Shape shape, INDArray weight, INDArray bias)
      implements AutoCloseable {

    static Folded of(AdapterLayout.Block block, WeightMap model, double share) {
      ConvolutionBlock.Shape shape = block.shape();
      String name = block.name();
      int kernel = shape.kernel();
      int out = shape.out();
      ScaleAndShift by = ScaleAndShift.of(model, name + ".norm", out).times(share);
      float[] weight = model.take(block.weightName(), kernel, kernel, shape.in(), out).values();
      return new Folded(
          shape,
          Nd4j.create(by.kernel(weight), new long[] {kernel, kernel, shape.in(), out}, 'c'),
          Nd4j.createFromArray(by.bias(new float[out])));
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

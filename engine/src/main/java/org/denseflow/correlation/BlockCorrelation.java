package org.denseflow.correlation;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.Stack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Correlates one source with a block of targets in one matrix product per level. With L2-normalised
 * features the values are cosines (Guided Semantic Flow, Eq. 1). Several levels of one grid size
 * are merged cell by cell. Features in half precision are widened first. Buffers are kept from call
 * to call, and so is the stack of the last target list: source after source against the same list
 * object stacks once.
 */
public final class BlockCorrelation implements AutoCloseable {

  /** How levels become one volume. */
  public enum Merge {
    /** Product of the rectified volumes (SFNet, Section 3.1). */
    PRODUCT,
    /** Sum of the volumes. */
    SUM
  }

  /** At most this many floats in one product: 64 MiB. */
  private static final int MAX_PRODUCT = 16 << 20;

  private final Merge merge;
  private List<List<FeatureMap>> stackedTargets = List.of();
  private int stackedForCells;
  private final List<INDArray> stacks = new ArrayList<>();
  private INDArray product;
  private float[] levelValues = new float[0];
  private float[] values = new float[0];

  /** Makes a correlation with a way to merge levels. */
  public BlockCorrelation(Merge merge) {
    this.merge = merge;
  }

  /**
   * Correlates and hands each target's volume, in order, to a consumer; the volume is valid only
   * during that call.
   *
   * @param source the source's levels, all of one grid size
   * @param targets per target the same levels; targets may differ in grid size
   */
  public void correlate(
      List<FeatureMap> source,
      List<List<FeatureMap>> targets,
      Consumer<CorrelationVolume> consumer) {
    stack(targets, source.get(0).cells());
    int cells = source.get(0).cells();
    int block = 0;

    for (int first = 0; first < targets.size(); block++) {
      int last = lastOfBlock(targets, first, cells);
      correlateBlock(source, targets.subList(first, last), block, consumer);
      first = last;
    }
  }

  @Override
  public void close() {
    stacks.forEach(INDArray::close);
    stacks.clear();
    stackedTargets = List.of();

    if (product != null) {
      product.close();
      product = null;
    }
  }

  private void correlateBlock(
      List<FeatureMap> source,
      List<List<FeatureMap>> targets,
      int block,
      Consumer<CorrelationVolume> consumer) {
    int rows = source.get(0).cells();
    int columns = targets.stream().mapToInt(t -> t.get(0).cells()).sum();

    for (int level = 0; level < source.size(); level++) {
      FloatBuffer buffer =
          multiply(source.get(level).values(), stacks.get(block * source.size() + level), columns);

      if (source.size() == 1) {
        emit(source.get(0), targets, buffer, columns, consumer);
      } else {
        mergeLevel(buffer, rows * columns, level);
      }
    }

    if (source.size() > 1) {
      emit(source.get(0), targets, FloatBuffer.wrap(levelValues), columns, consumer);
    }
  }

  private void emit(
      FeatureMap source,
      List<List<FeatureMap>> targets,
      FloatBuffer all,
      int columns,
      Consumer<CorrelationVolume> consumer) {
    int rows = source.cells();
    int offset = 0;

    for (List<FeatureMap> target : targets) {
      FeatureMap map = target.get(0);
      int own = map.cells();

      if (values.length < rows * own) {
        values = new float[rows * own];
      }

      for (int i = 0; i < rows; i++) {
        all.get(i * columns + offset, values, i * own, own);
      }

      consumer.accept(
          new CorrelationVolume(
              source.width(), source.height(), map.width(), map.height(), values));
      offset += own;
    }
  }

  private void mergeLevel(FloatBuffer buffer, int length, int level) {
    if (levelValues.length < length) {
      levelValues = new float[length];
    }

    for (int i = 0; i < length; i++) {
      float value = buffer.get(i);

      if (level == 0) {
        levelValues[i] = merge == Merge.PRODUCT ? Math.max(0, value) : value;
      } else if (merge == Merge.PRODUCT) {
        levelValues[i] *= Math.max(0, value);
      } else {
        levelValues[i] += value;
      }
    }
  }

  /** A · Bᵀ into the kept buffer, read as floats on the host. */
  private FloatBuffer multiply(INDArray source, INDArray stack, int columns) {
    long rows = source.size(0);

    if (product == null || product.size(0) != rows || product.size(1) != columns) {
      if (product != null) {
        product.close();
      }

      product = Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', rows, columns);
    }

    INDArray wide = source.castTo(DataType.FLOAT);
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(wide, stack)
            .addOutputs(product)
            .addIntegerArguments(0, 1, 0)
            .build());
    close(wide, source);
    Nd4j.getAffinityManager().ensureLocation(product, AffinityManager.Location.HOST);
    return product.data().asNioFloat();
  }

  /** Frees an array unless it is the other: a cast to the type that it has makes no copy. */
  private static void close(INDArray array, INDArray other) {
    if (array != other) {
      array.close();
    }
  }

  private void stack(List<List<FeatureMap>> targets, int sourceCells) {
    if (sourceCells == stackedForCells && sameMaps(targets, stackedTargets)) {
      return;
    }

    stacks.forEach(INDArray::close);
    stacks.clear();

    for (int first = 0; first < targets.size(); ) {
      int last = lastOfBlock(targets, first, sourceCells);

      for (int level = 0; level < targets.get(0).size(); level++) {
        int own = level;
        INDArray stack =
            Stack.of(
                0,
                targets.subList(first, last).stream()
                    .map(t -> t.get(own).values())
                    .toArray(INDArray[]::new));
        INDArray wide = stack.castTo(DataType.FLOAT);
        close(stack, wide);
        stacks.add(wide);
      }

      first = last;
    }

    stackedTargets = List.copyOf(targets);
    stackedForCells = sourceCells;
  }

  /** Whether two lists hold the very same arrays. */
  private static boolean sameMaps(List<List<FeatureMap>> a, List<List<FeatureMap>> b) {
    boolean same = a.size() == b.size();

    for (int t = 0; same && t < a.size(); t++) {
      same = a.get(t).size() == b.get(t).size();

      for (int level = 0; same && level < a.get(t).size(); level++) {
        same = a.get(t).get(level).values() == b.get(t).get(level).values();
      }
    }

    return same;
  }

  private static int lastOfBlock(List<List<FeatureMap>> targets, int first, int sourceCells) {
    long floats = 0;
    int last = first;

    while (last < targets.size()) {
      floats += (long) sourceCells * targets.get(last).get(0).cells();

      if (floats > MAX_PRODUCT && last > first) {
        break;
      }

      last++;
    }

    return last;
  }
}

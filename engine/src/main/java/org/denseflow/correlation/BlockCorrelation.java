package org.denseflow.correlation;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.denseflow.backbone.FeatureMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Correlates one source with a block of targets, one matrix product per target and level. With
 * L2-normalised features the values are cosines (Guided Semantic Flow, Eq. 1). Several levels of
 * one grid size are merged cell by cell. Features in half precision are widened first. Buffers are
 * kept from call to call.
 *
 * <p>Our choice: a product of all targets at once would be 6 % faster, but the targets would first
 * have to be copied side by side, for each source anew where its targets are all but itself, and
 * its volumes would be read from memory instead of a cache. And a pair's volume has the same bits
 * whatever it is computed with.
 */
public final class BlockCorrelation implements AutoCloseable {

  /** How levels become one volume. */
  public enum Merge {
    /** Product of the rectified volumes (SFNet, Section 3.1). */
    PRODUCT,
    /** Sum of the volumes. */
    SUM
  }

  private final Merge merge;
  private INDArray product;
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
    List<INDArray> levels = source.stream().map(map -> wide(map.values())).toList();

    try {
      for (List<FeatureMap> target : targets) {
        correlate(levels, target);
        FeatureMap from = source.get(0);
        FeatureMap to = target.get(0);
        consumer.accept(
            new CorrelationVolume(from.width(), from.height(), to.width(), to.height(), values));
      }
    } finally {
      for (int level = 0; level < levels.size(); level++) {
        close(levels.get(level), source.get(level).values());
      }
    }
  }

  @Override
  public void close() {
    if (product != null) {
      product.close();
      product = null;
    }
  }

  private void correlate(List<INDArray> source, List<FeatureMap> target) {
    for (int level = 0; level < source.size(); level++) {
      INDArray values = target.get(level).values();
      INDArray wide = wide(values);
      FloatBuffer buffer = multiply(source.get(level), wide);
      close(wide, values);

      if (source.size() == 1) {
        keep(buffer);
      } else {
        merge(buffer, level);
      }
    }
  }

  private void keep(FloatBuffer buffer) {
    reserve(buffer.remaining());
    buffer.get(values, 0, buffer.remaining());
  }

  private void merge(FloatBuffer buffer, int level) {
    int length = buffer.remaining();
    reserve(length);

    for (int i = 0; i < length; i++) {
      float value = buffer.get(i);

      if (level == 0) {
        values[i] = merge == Merge.PRODUCT ? Math.max(0, value) : value;
      } else if (merge == Merge.PRODUCT) {
        values[i] *= Math.max(0, value);
      } else {
        values[i] += value;
      }
    }
  }

  private void reserve(int length) {
    if (values.length < length) {
      values = new float[length];
    }
  }

  /** A · Bᵀ into the kept buffer, read as floats on the host. */
  private FloatBuffer multiply(INDArray source, INDArray target) {
    long rows = source.size(0);
    long columns = target.size(0);

    if (product == null || product.size(0) != rows || product.size(1) != columns) {
      close();
      product = Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', rows, columns);
    }

    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(source, target)
            .addOutputs(product)
            .addIntegerArguments(0, 1, 0)
            .build());
    Nd4j.getAffinityManager().ensureLocation(product, AffinityManager.Location.HOST);
    return product.data().asNioFloat();
  }

  /** In single precision; the array itself if it is. */
  private static INDArray wide(INDArray values) {
    return values.castTo(DataType.FLOAT);
  }

  /** Frees an array unless it is the other. */
  private static void close(INDArray array, INDArray other) {
    if (array != other) {
      array.close();
    }
  }
}

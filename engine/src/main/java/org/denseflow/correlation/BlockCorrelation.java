package org.denseflow.correlation;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
    /** Product of the volumes (SFNet, Section 4.1), rectified as in its released code. */
    PRODUCT,
    /** Sum of the volumes. */
    SUM
  }

  private final Merge merge;
  private final KeptArray product = new KeptArray();
  private final List<KeptArray> wideSource = new ArrayList<>();
  private final List<KeptArray> wideTarget = new ArrayList<>();
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
    List<INDArray> levels = wideSource(values(source));

    for (List<FeatureMap> target : targets) {
      correlate(levels, values(target));
      FeatureMap from = source.get(0);
      FeatureMap to = target.get(0);
      consumer.accept(new CorrelationVolume(from.grid(), to.grid(), values));
    }
  }

  /**
   * The products of vectors without a grid, of one level; they are valid only during the call.
   *
   * @param source {@code [n, channels]}
   * @param targets {@code [m, channels]} each
   * @param consumer of {@code [n, m]}, at the beginning of a longer array
   */
  public void multiply(INDArray source, List<INDArray> targets, Consumer<float[]> consumer) {
    List<INDArray> levels = wideSource(List.of(source));

    for (INDArray target : targets) {
      correlate(levels, List.of(target));
      consumer.accept(values);
    }
  }

  private static List<INDArray> values(List<FeatureMap> maps) {
    return maps.stream().map(FeatureMap::values).toList();
  }

  private List<INDArray> wideSource(List<INDArray> source) {
    return IntStream.range(0, source.size())
        .mapToObj(level -> wide(source.get(level), wideSource, level))
        .toList();
  }

  @Override
  public void close() {
    product.close();
    wideSource.forEach(KeptArray::close);
    wideTarget.forEach(KeptArray::close);
  }

  private void correlate(List<INDArray> source, List<INDArray> target) {
    for (int level = 0; level < source.size(); level++) {
      FloatBuffer buffer = multiply(source.get(level), wide(target.get(level), wideTarget, level));

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
    INDArray result = product.of(source.size(0), target.size(0));
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(source, target)
            .addOutputs(result)
            .addIntegerArguments(0, 1, 0)
            .build());
    Nd4j.getAffinityManager().ensureLocation(result, AffinityManager.Location.HOST);
    return result.data().asNioFloat();
  }

  /** The vectors, or if they are narrow the same in single precision in the level's array. */
  private static INDArray wide(INDArray vectors, List<KeptArray> kept, int level) {
    if (vectors.dataType() == DataType.FLOAT) {
      return vectors;
    }

    while (kept.size() <= level) {
      kept.add(new KeptArray());
    }

    return kept.get(level).of(vectors.size(0), vectors.size(1)).assign(vectors);
  }

  /** An array in single precision that is made anew only for another shape. */
  private static final class KeptArray implements AutoCloseable {
    private INDArray array;

    INDArray of(long rows, long columns) {
      if (array == null || array.size(0) != rows || array.size(1) != columns) {
        close();
        array = Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', rows, columns);
      }

      return array;
    }

    @Override
    public void close() {
      if (array != null) {
        array.close();
        array = null;
      }
    }
  }
}

package org.denseflow.matcher.projection;

import org.denseflow.backbone.FeatureMap;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A tap's cells v as components C of what they differ by from the mean m: {@code C (v / |v| - m)};
 * a cell without any feature stays zero. What matches normalises the result again. Our choice, by
 * PCK@0.10 on PF-WILLOW with 128 components of its own images' 1,024 channels of resnet50_v2:
 * 0.741, without the mean 0.739, of cells that are not normalised first 0.732; 0.729 for all
 * channels.
 */
final class CellProjection implements AutoCloseable {
  private final INDArray components;
  private final INDArray offset;

  CellProjection(PrincipalComponents found) {
    float[] mean = found.mean().values();
    this.components = TrainedModel.array(found.components());

    try (INDArray row = TrainedModel.array(new Tensor(new int[] {1, mean.length}, mean))) {
      this.offset = Nd4j.matmul(row, components, false, true, false);
    }
  }

  /**
   * A map of as many channels as there are components; frees the given one.
   *
   * @throws IllegalArgumentException if the map has other channels than the mean
   */
  FeatureMap apply(FeatureMap map) {
    try (map) {
      if (map.channels() != components.size(1)) {
        throw new IllegalArgumentException(
            "Cannot project %d channels at tap %s: the projection is of %d"
                .formatted(map.channels(), map.tap(), components.size(1)));
      }

      return new FeatureMap(
          map.tap(), map.grid(), (int) components.size(0), projected(map.values()));
    }
  }

  private INDArray projected(INDArray cells) {
    try (INDArray lengths = cells.norm2(true, 1);
        INDArray isAny = lengths.gt(0);
        INDArray any = isAny.castTo(DataType.FLOAT);
        INDArray shift = Nd4j.matmul(any, offset, false, false, false)) {
      lengths.addi(1e-12);
      return Nd4j.matmul(cells, components, false, true, false)
          .diviColumnVector(lengths)
          .subi(shift);
    }
  }

  @Override
  public void close() {
    components.close();
    offset.close();
  }
}

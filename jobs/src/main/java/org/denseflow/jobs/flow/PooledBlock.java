package org.denseflow.jobs.flow;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.denseflow.transfer.GlobalFeature;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Some images of a category, at least one, with a vector of length 1 each.
 *
 * @param images their numbers, ascending
 */
record PooledBlock(String category, int number, int[] images, float[][] vectors)
    implements Serializable {

  /** More than a product of matrices in single precision is off. */
  private static final double TOLERANCE = 1e-4;

  /**
   * The best candidates of each image among those of another block: a product of matrices says
   * which may be, and their cosines are then computed in one order, so that equal images are
   * equally similar.
   */
  List<NearestList> nearest(PooledBlock others, int most) {
    List<NearestList> lists = new ArrayList<>();

    try (INDArray own = matrix();
        INDArray other = others.matrix();
        INDArray product = Nd4j.matmul(own, other, false, true, false);
        INDArray ordered = product.dup('c')) {
      float[] cosines = ordered.data().asFloat();

      for (int i = 0; i < images.length; i++) {
        NearestList list = new NearestList(images[i], most);
        lists.add(list);

        for (int j = 0; j < others.images.length; j++) {
          boolean isOther = images[i] != others.images[j];

          if (isOther && cosines[i * others.images.length + j] > list.least() - TOLERANCE) {
            list.add(others.images[j], GlobalFeature.product(vectors[i], others.vectors[j]));
          }
        }
      }
    }

    return lists;
  }

  private INDArray matrix() {
    return Nd4j.create(vectors);
  }
}

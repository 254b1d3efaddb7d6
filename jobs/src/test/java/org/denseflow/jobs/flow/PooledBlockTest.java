package org.denseflow.jobs.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.denseflow.jobs.flow.NearestList.Candidate;
import org.junit.jupiter.api.Test;

class PooledBlockTest {
  private static final int IMAGES = 90;
  private static final int MOST = 7;

  /** Every third image is a copy of the one before. */
  private static float[][] drawn() {
    Random random = new Random(3);
    float[][] vectors = new float[IMAGES][];

    for (int i = 0; i < IMAGES; i++) {
      float[] own = new float[33];
      double length = 0;

      for (int c = 0; c < own.length; c++) {
        own[c] = random.nextFloat();
        length += own[c] * own[c];
      }

      for (int c = 0; c < own.length; c++) {
        own[c] /= (float) Math.sqrt(length);
      }

      vectors[i] = i % 3 == 1 ? vectors[i - 1] : own;
    }

    return vectors;
  }

  @Test
  void theNearestAreThoseOfANaiveSearchHoweverImagesAreDivided() {
    float[][] vectors = drawn();
    List<List<Candidate>> naive = new ArrayList<>();

    for (int i = 0; i < IMAGES; i++) {
      int image = i;
      naive.add(
          IntStream.range(0, IMAGES)
              .filter(j -> j != image)
              .mapToObj(j -> new Candidate(j, cosine(vectors[image], vectors[j])))
              .sorted(
                  Comparator.comparingDouble((Candidate one) -> -one.similarity())
                      .thenComparingInt(Candidate::image))
              .limit(MOST)
              .toList());
    }

    for (int size : new int[] {IMAGES, 32, 7, 1}) {
      List<PooledBlock> blocks = new ArrayList<>();

      for (int from = 0; from < IMAGES; from += size) {
        int[] own = IntStream.range(from, Math.min(IMAGES, from + size)).toArray();
        float[][] some = IntStream.of(own).mapToObj(i -> vectors[i]).toArray(float[][]::new);
        blocks.add(new PooledBlock("", blocks.size(), own, some));
      }

      for (PooledBlock block : blocks) {
        List<NearestList> all = block.nearest(blocks.get(blocks.size() - 1), MOST);

        for (PooledBlock other : blocks.subList(0, blocks.size() - 1)) {
          List<NearestList> more = block.nearest(other, MOST);
          IntStream.range(0, all.size()).forEach(i -> all.get(i).plus(more.get(i)));
        }

        for (int i = 0; i < all.size(); i++) {
          assertThat(all.get(i).all()).isEqualTo(naive.get(all.get(i).image()));
        }
      }
    }
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }

    return sum;
  }
}

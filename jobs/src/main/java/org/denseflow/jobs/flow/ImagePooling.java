package org.denseflow.jobs.flow;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.transfer.GlobalFeature;

/**
 * Makes one vector of each image of a block: the mean of its features, of length 1.
 *
 * @param key what computes them is shared by it within a process
 */
record ImagePooling(
    String key,
    MatcherChoice matcher,
    Reading reading,
    FeatureSettings kept,
    FeatureStore storeOrNull,
    SerializableConfiguration configuration,
    LongAccumulator failed)
    implements Serializable {

  /** Describes the images of these numbers, or reads their features. */
  PooledBlock block(String category, int number, int[] images, List<DatasetImage> all)
      throws IOException {
    Configuration storage = configuration.value();
    AnyMatcher worker = WorkerPool.borrow(key, AnyMatcher.class, () -> matcher.matcher(storage));
    ImageLoader loader = new ImageLoader(storage, reading, storeOrNull, false);
    List<Integer> readable = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();

    try {
      for (int from = 0; from < images.length; from += worker.batchSize()) {
        List<ImageLoader.Loaded> loaded = new ArrayList<>();

        for (int i = from; i < Math.min(images.length, from + worker.batchSize()); i++) {
          loaded.add(loader.load(all.get(images[i]).uri()));
        }

        List<float[]> pooled = pool(loaded, worker);

        for (int i = 0; i < pooled.size(); i++) {
          if (pooled.get(i) == null) {
            failed.add(1);
          } else {
            readable.add(images[from + i]);
            vectors.add(pooled.get(i));
          }
        }
      }

      return new PooledBlock(
          category,
          number,
          readable.stream().mapToInt(Integer::intValue).toArray(),
          vectors.toArray(float[][]::new));
    } finally {
      WorkerPool.giveBack(key, worker);
    }
  }

  /** A vector of each image, null for one that cannot be read. */
  private List<float[]> pool(List<ImageLoader.Loaded> loaded, AnyMatcher worker) {
    List<float[]> vectors = new ArrayList<>();
    List<RgbImage> sound =
        loaded.stream().map(ImageLoader.Loaded::image).filter(Objects::nonNull).toList();
    Iterator<ImageFeatures> described = worker.describe(sound).iterator();

    for (ImageLoader.Loaded image : loaded) {
      if (image.failure() != null) {
        vectors.add(null);
        continue;
      }

      try (ImageFeatures features =
          image.isDescribed()
              ? image.stored().features().features()
              : kept.kept(described.next())) {
        float[] mean = GlobalFeature.of(features);
        vectors.add(GlobalFeature.centred(mean, new float[mean.length]));
      }
    }

    return vectors;
  }
}

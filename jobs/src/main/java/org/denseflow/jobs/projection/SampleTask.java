package org.denseflow.jobs.projection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.FrozenFeatures;

/** Describes a block of the sample, a batch at a time. A bad image is left out. */
record SampleTask(
    String fingerprint,
    MatcherChoice features,
    Reading reading,
    SerializableConfiguration configuration,
    Counters counters,
    LongAccumulator tagged)
    implements Function<List<String>, SampleMoments> {

  @Override
  public SampleMoments call(List<String> uris) throws IOException {
    Configuration hadoop = configuration.value();
    ImageLoader loader = new ImageLoader(hadoop, reading);
    FrozenFeatures describer =
        WorkerPool.borrow(
            fingerprint,
            FrozenFeatures.class,
            () -> new FrozenFeatures(features.features(hadoop), features.config().image()));

    try {
      SampleMoments moments = new SampleMoments();

      for (int from = 0; from < uris.size(); from += describer.batchSize()) {
        int to = Math.min(uris.size(), from + describer.batchSize());
        describer.maps(sound(loader, uris.subList(from, to), moments)).forEach(moments::add);
        counters.done().add(to - from);
      }

      return moments;
    } finally {
      WorkerPool.giveBack(fingerprint, describer);
    }
  }

  /** The images that can be read. */
  private List<RgbImage> sound(ImageLoader loader, List<String> uris, SampleMoments moments)
      throws IOException {
    List<RgbImage> images = new ArrayList<>();

    for (String uri : uris) {
      ImageLoader.Loaded loaded = loader.load(uri);

      if (loaded.failure() == null) {
        tagged.add(loaded.orientation() > 1 ? 1 : 0);
        images.add(loaded.image());
      } else {
        moments.failures().add(loaded.failure());
        counters.failed().add(1);
      }
    }

    return images;
  }
}

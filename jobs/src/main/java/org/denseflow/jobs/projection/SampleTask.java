package org.denseflow.jobs.projection;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.run.ImageLoader;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.FrozenFeatures;

/** Describes a block of the sample, image after image. A bad image is left out. */
record SampleTask(
    String fingerprint,
    MatcherChoice features,
    Reading reading,
    SerializableConfiguration configuration,
    LongAccumulator done,
    LongAccumulator failed,
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

      for (String uri : uris) {
        ImageLoader.Loaded loaded = loader.load(uri);

        if (loaded.failure() == null) {
          tagged.add(loaded.orientation() > 1 ? 1 : 0);
          moments.add(describer.maps(loaded.image()));
        } else {
          moments.failures().add(loaded.failure());
          failed.add(1);
        }

        done.add(1);
      }

      return moments;
    } finally {
      WorkerPool.giveBack(fingerprint, describer);
    }
  }
}

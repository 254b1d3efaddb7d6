package org.denseflow.jobs.run;

import com.typesafe.config.ConfigFactory;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.Matchers;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.schemas.ConfigBinder;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matchers of a process: made when first needed, one per task that runs at a time, kept for the
 * tasks that follow. Matchers of another run are freed when a new run starts.
 */
final class MatcherPool {
  private static final Map<String, Deque<DenseMatcher>> IDLE = new ConcurrentHashMap<>();

  private MatcherPool() {}

  static DenseMatcher borrow(TileContext context, Configuration configuration) {
    freeOthers(context.fingerprint());
    DenseMatcher idle = pool(context.fingerprint()).poll();

    if (idle != null) {
      return idle;
    }

    MethodConfig config =
        ConfigBinder.bind(ConfigFactory.parseString(context.configuration()), MethodConfig.class);
    Optional<java.nio.file.Path> weights = WeightFiles.local(context.weights(), configuration);
    Optional<java.nio.file.Path> model = WeightFiles.local(context.model(), configuration);
    DenseMatcher matcher = Matchers.create(config, weights, model);

    if (!matcher.weightDigest().equals(context.weightDigest())) {
      matcher.close();
      throw new IllegalStateException(
          "Cannot use weights %s: they have changed since the run was planned (%s, then %s)"
              .formatted(context.weights(), matcher.weightDigest(), context.weightDigest()));
    }

    return matcher;
  }

  static void giveBack(TileContext context, DenseMatcher matcher) {
    pool(context.fingerprint()).push(matcher);
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  private static Deque<DenseMatcher> pool(String fingerprint) {
    return IDLE.computeIfAbsent(fingerprint, key -> new ConcurrentLinkedDeque<>());
  }

  private static void freeOthers(String fingerprint) {
    for (Map.Entry<String, Deque<DenseMatcher>> entry : IDLE.entrySet()) {
      if (!entry.getKey().equals(fingerprint)) {
        for (DenseMatcher old = entry.getValue().poll();
            old != null;
            old = entry.getValue().poll()) {
          old.close();
        }
      }
    }
  }
}

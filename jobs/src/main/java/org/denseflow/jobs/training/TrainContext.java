package org.denseflow.jobs.training;

import java.io.Serializable;
import org.denseflow.jobs.run.Reading;

/**
 * The context of every task of a training.
 *
 * @param fingerprint of everything that determines the result
 * @param configuration of the learner, canonical JSON
 * @param files backbone, features, style network and the model to start from
 * @param weightDigest of all these but the last
 * @param seed of first parameters and order
 * @param workers that train side by side
 * @param threads of native code per worker, 0 to leave them as they are
 * @param cache folder for prepared examples, empty for a temporary one
 * @param cacheBytes what they may take
 * @param reading how images are read
 */
record TrainContext(
    String fingerprint,
    String configuration,
    TrainFiles files,
    String weightDigest,
    long seed,
    int workers,
    int threads,
    String cache,
    long cacheBytes,
    Reading reading)
    implements Serializable {}

package org.denseflow.jobs.training;

import java.io.Serializable;
import org.denseflow.jobs.run.Reading;

/**
 * What every task of a training knows.
 *
 * @param fingerprint of everything that determines the result
 * @param configuration of the learner, canonical JSON
 * @param weights URI of the backbone's weights, empty without
 * @param features URI of a trained SFNet whose adaptation layers follow the backbone, empty without
 * @param codec URI of the style network, empty without
 * @param weightDigest of all these
 * @param start URI of a model whose parameters training starts with, empty for none
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
    String weights,
    String features,
    String codec,
    String weightDigest,
    String start,
    long seed,
    int workers,
    int threads,
    String cache,
    long cacheBytes,
    Reading reading)
    implements Serializable {}

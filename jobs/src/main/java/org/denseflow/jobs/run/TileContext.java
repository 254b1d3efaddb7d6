package org.denseflow.jobs.run;

import java.io.Serializable;

/**
 * What a task needs to know, small enough to travel with it.
 *
 * @param fingerprint of the run: matchers are shared by it within a process
 * @param configuration of the method, canonical JSON
 * @param method for the rows
 * @param backbone for the rows
 * @param weights URI of the weight file, empty without
 * @param model URI of a trained model, empty without
 * @param weightDigest what both must be
 * @param limits of images
 */
record TileContext(
    String fingerprint,
    String configuration,
    String method,
    String backbone,
    String weights,
    String model,
    String weightDigest,
    Limits limits)
    implements Serializable {}

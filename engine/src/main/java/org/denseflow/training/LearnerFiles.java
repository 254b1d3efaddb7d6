package org.denseflow.training;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a training reads.
 *
 * @param weights the backbone's, where it needs them
 * @param features a trained SFNet whose adaptation layers follow the backbone
 * @param codec a style network
 * @param start the model that training starts from
 */
public record LearnerFiles(
    Optional<Path> weights, Optional<Path> features, Optional<Path> codec, Optional<Path> start) {}

package org.denseflow.method;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a method reads.
 *
 * @param weights the backbone's, where it needs them
 * @param model what TrainJob made: for gsf, rtn, samnet and scnet their networks, else adaptation
 *     layers that follow the backbone
 * @param projection principal components that follow the backbone, or its adaptation layers
 */
public record MethodFiles(
    Optional<Path> weights, Optional<Path> model, Optional<Path> projection) {}

package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which backbone to make.
 *
 * @param name such as {@code resnet50_v2}
 * @param taps taps to return, in this order; empty for the backbone's default
 * @param weights the weight file; needed by every backbone but {@code hog}, which has no use for
 *     one, and {@code denseflow_s}, whose weights come with the engine
 */
public record BackboneSpec(String name, List<String> taps, Optional<Path> weights) {}

package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which backbone to make.
 *
 * @param name such as {@code resnet50_v2}
 * @param taps taps to return, in this order; empty for the backbone's default
 * @param weights the weight file; required by every backbone but {@code hog}
 */
public record BackboneSpec(String name, List<String> taps, Optional<Path> weights) {}

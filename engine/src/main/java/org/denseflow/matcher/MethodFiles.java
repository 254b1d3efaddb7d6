package org.denseflow.matcher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a method reads.
 *
 * @param weights the backbone's, where it needs them
 * @param model what TrainJob made: the networks of a {@link NetworkMethod}, else adaptation layers
 *     that follow the backbone
 * @param projection principal components that follow the backbone, or its adaptation layers
 */
public record MethodFiles(Optional<Path> weights, Optional<Path> model, Optional<Path> projection) {

  /** No files: a backbone whose weights come with the engine, or that has none. */
  public static final MethodFiles NONE =
      new MethodFiles(Optional.empty(), Optional.empty(), Optional.empty());

  /** The same with the backbone's weights. */
  public MethodFiles withWeights(Path file) {
    return new MethodFiles(Optional.of(file), model, projection);
  }

  /** The same with a trained model. */
  public MethodFiles withModel(Path file) {
    return new MethodFiles(weights, Optional.of(file), projection);
  }
}

package org.denseflow.matcher.proposals;

/**
 * SCNet's trained layer, which makes a vector of a region's pooled features.
 *
 * @param layer what the layer sees at once
 * @param size numbers per region (SCNet, Section 4: 2048)
 * @param start how its weights start
 */
public record EmbeddingParameters(Layer layer, int size, Start start) {

  /** What the layer sees at once. */
  public enum Layer {
    /** All parts of a region: fully connected (SCNet, Section 4). */
    FULL,
    /**
     * Part by part, with the same weights for each: our choice, for short trainings on few pairs.
     */
    PER_PART
  }

  /** First weights; biases start at 0. */
  public enum Start {
    /**
     * An orthogonal projection in a random direction, which keeps cosines as well as its size
     * allows.
     */
    ORTHOGONAL,
    /** Normally distributed with a standard deviation of 0.01 (released code). */
    GAUSSIAN
  }

  /** Checks the range. */
  public EmbeddingParameters {
    if (size < 1) {
      throw new IllegalArgumentException("Invalid embedding: size must be positive, found " + size);
    }
  }
}
